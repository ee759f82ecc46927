import { mkdir, readdir, readFile, rm, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readNpy } from '../../../extension/core/array/npy';
import type { Progress } from '../../../extension/core/progress';
import { temporaryName } from '../../../extension/core/run/atomic-write';
import { EXPORT_FORMATS, exportRun } from '../../../extension/core/run/export-run';
import { readLabels, saveLabels } from '../../../extension/core/run/label-store';
import { writeRun } from '../../../extension/core/run/run-store';
import { imageScore, upsampleMap } from '../../../extension/core/scoring/anomaly-map';
import { GRID, put, sampleRun, SIZE, temporaryFolder } from './sample-run';
import { runScale } from '../../../extension/protocol/heat-scale';

const AT = '2026-01-01T00:00:00.000Z';

/** Decodes COCO run lengths into a row-major mask. */
function decode({ size: [height, width], counts }: { size: [number, number]; counts: number[] }): Uint8Array {
  const mask = new Uint8Array(height * width);
  let at = 0;
  for (const [i, n] of counts.entries()) {
    for (let k = at; k < at + n; k++) mask[(k % height) * width + Math.floor(k / height)] = i % 2;
    at += n;
  }
  expect(at).toBe(height * width);
  return mask;
}

describe('exports', () => {
  it('csv: ranked, with labels, no formula', async () => {
    const { folder, runPath } = await sampleRun();
    await saveLabels(folder, [{ path: 'good/0.png', label: 'defect', at: AT }]);
    const [file] = await exportRun(runPath, 'csv', path.join(await temporaryFolder(), 'out.csv'));
    const rows = parse(await readFile(file, 'utf8'), { columns: true }) as Record<string, string>[];
    expect(rows.map((r) => r.path)).toEqual([
      'hole/<b>&.png',
      'crack/-2.png',
      'crack/1.bmp.png',
      'crack/0.png',
      'good/1.jpg',
      'good/0.png',
    ]);
    expect(rows.at(-1)).toMatchObject({ rank: '6', truth: 'good', label: 'defect', score: '0.1' });
  });

  it('json: everything but the maps', async () => {
    const { runPath, run } = await sampleRun();
    const [file] = await exportRun(runPath, 'json', await temporaryFolder());
    const got = JSON.parse(await readFile(file, 'utf8'));
    expect(path.basename(file)).toBe('run.json');
    expect(got.ranking).toHaveLength(6);
    expect(got.metrics).toMatchObject({ 'image.auroc': 1, 'pixel.aupro': null });
    expect(got.absent).toEqual({ 'pixel.aupro': 'for this <test>' });
    expect(got.ranking[0]).toMatchObject({ path: run.images[5].path, rank: 1, index: 5 });
  });

  it('html: at the threshold asked for, and says so', async () => {
    const { runPath } = await sampleRun();
    const out = await temporaryFolder();
    const noteOf = async (name: string, options?: object) => {
      const [file] = await exportRun(runPath, 'html', path.join(out, name), { ...options });
      return /Dashed: [^<]*/.exec(await readFile(file, 'utf8'))?.[0];
    };
    expect(await noteOf('a.html')).toContain('threshold at F1-max');
    expect(await noteOf('b.html', { scoreThreshold: 0.6 })).toBe('Dashed: chosen threshold, 0.6000.');
  });

  it('npy: maps at the size of the input, or the patch scores', async () => {
    const { runPath } = await sampleRun();
    const out = await temporaryFolder();
    const big = await readNpy((await exportRun(runPath, 'npy', path.join(out, 'a.npy')))[0]);
    const small = await readNpy((await exportRun(runPath, 'npy', path.join(out, 'b.npy'), { size: 'patch' }))[0]);
    expect(big.shape).toEqual([6, 32, 32]);
    expect(small.shape).toEqual([6, 4, 4]);
    const second = Float32Array.from(small.data.subarray(16, 32));
    expect([...big.data.subarray(1024, 2048)]).toEqual([...upsampleMap(second, GRID, { height: 32, width: 32 })]);
  });

  it('masks: at the size of the picture, white from the threshold on', async () => {
    const { runPath } = await sampleRun();
    const out = path.join(await temporaryFolder(), 'masks');
    const files = await exportRun(runPath, 'masks', out, { threshold: 0.3 });
    expect(files.map((f) => path.relative(out, f).split(path.sep).join('/')).sort()).toEqual(
      [
        'crack/-2_mask.png',
        'crack/0_mask.png',
        'crack/1.bmp_mask.png',
        'good/0_mask.png',
        'good/1_mask.png',
        'hole/<b>&_mask.png',
      ].sort(),
    );
    const mask = sharp(path.join(out, 'hole/<b>&_mask.png'));
    expect(await mask.metadata()).toMatchObject({ ...SIZE, channels: 1, depth: 'uchar' });
    const data = await mask.extractChannel(0).raw().toBuffer();
    const map = upsampleMap(
      Float32Array.from({ length: 16 }, (_, p) => (p ? 0 : Math.fround(0.6))),
      GRID,
      SIZE,
    );
    expect([...data]).toEqual([...map].map((v) => (v >= 0.3 ? 255 : 0)));
    const good = await sharp(path.join(out, 'good/0_mask.png')).raw().toBuffer();
    expect(good.every((v) => v === 0)).toBe(true);
  });

  it('coco: found regions and true ones, as run lengths with boxes', async () => {
    const { runPath } = await sampleRun();
    const [file] = await exportRun(runPath, 'coco', path.join(await temporaryFolder(), 'coco.json'), {
      threshold: 0.3,
    });
    const coco = JSON.parse(await readFile(file, 'utf8'));
    expect(coco.images).toHaveLength(6);
    const truth = coco.annotations.filter((a: { category_id: number }) => a.category_id === 2);
    expect(truth.map((a: { bbox: number[]; area: number }) => [a.bbox, a.area])).toEqual([
      [[0, 0, 2, 2], 3],
      [[7, 5, 1, 1], 1],
    ]);
    const mask = decode(truth[0].segmentation);
    expect([...mask.entries()].filter(([, v]) => v).map(([p]) => p)).toEqual([0, 1, SIZE.width]);
    const found = coco.annotations.filter((a: { category_id: number }) => a.category_id === 1);
    expect(found.map((a: { image_id: number }) => a.image_id)).toEqual([3, 4, 5, 6]);
    for (const a of found) expect(decode(a.segmentation).reduce((x, y) => x + y)).toBe(a.area);
    expect(found[3].score).toBeCloseTo(0.6, 6);
  });

  it('coco: the score of a region is of its own pixels, not of those of another within its box', async () => {
    const { runPath, run } = await sampleRun();
    const grid = { height: 7, width: 7 };
    const maps = new Float32Array(run.images.length * 49).fill(0.1);
    for (let y = 0; y < 5; y++) for (let x = 0; x < 5; x++) if (y % 4 === 0 || x % 4 === 0) maps[y * 7 + x] = 0.5; // a frame
    maps[2 * 7 + 2] = 0.9;
    const images = run.images.map((image, i) => ({ ...image, ...grid, mask: null, rawScore: i === 0 ? 0.9 : 0.1 }));
    const root = path.resolve(path.dirname(runPath), run.root);
    const file = await writeRun(await temporaryFolder(), { ...run, grid, images, root }, maps);
    const [coco] = await exportRun(file, 'coco', path.join(await temporaryFolder(), 'coco.json'), { threshold: 0.4 });
    const { annotations } = JSON.parse(await readFile(coco, 'utf8')) as {
      annotations: { score: number; area: number; bbox: number[] }[];
    };
    expect(annotations.map(({ score, area, bbox }) => [score, area, bbox])).toEqual([
      [0.5, 16, [0, 0, 5, 5]],
      [Math.fround(0.9), 1, [2, 2, 1, 1]],
    ]);
  });

  it('coco and masks mark what is flagged and nothing else, though the highest value falls between pixels', async () => {
    const small = { height: 5, width: 5 };
    const { runPath, run } = await sampleRun();
    // the highest patch is not at a corner: no pixel of so small a picture lies on it
    const maps = new Float32Array(run.images.length * 16).fill(0.1);
    maps[5] = 0.9;
    const top = imageScore(maps.subarray(0, 16), run.grid, run.input);
    const images = run.images.map((image, i) => ({ ...image, ...small, mask: null, rawScore: i === 0 ? top : 0.1 }));
    const folder = await temporaryFolder();
    const file = await writeRun(folder, { ...run, images, root: path.resolve(path.dirname(runPath), run.root) }, maps);
    const out = await temporaryFolder();
    const found = async (threshold: number) => {
      const [coco] = await exportRun(file, 'coco', path.join(out, `${threshold}.json`), { threshold });
      const { annotations } = JSON.parse(await readFile(coco, 'utf8')) as {
        annotations: { image_id: number; score: number }[];
      };
      return annotations;
    };
    expect((await found(top)).map((a) => [a.image_id, a.score >= top])).toEqual([[1, true]]);
    expect(await found(top + 1e-6)).toEqual([]);
    await exportRun(file, 'masks', path.join(out, 'masks'), { threshold: top });
    const marked = await sharp(path.join(out, 'masks', run.images[0].path.replace(/\.\w+$/, '_mask.png')))
      .raw()
      .toBuffer();
    expect(marked.includes(255)).toBe(true);
  });

  it('coco: a mask of another size fits its picture, one that is gone is noted', async () => {
    const { folder, runPath, run } = await sampleRun();
    const mask = path.join(folder, run.images.find((image) => image.mask !== null)!.mask!);
    const exported = async () => {
      const [file] = await exportRun(runPath, 'coco', path.join(await temporaryFolder(), 'coco.json'));
      const coco = JSON.parse(await readFile(file, 'utf8')) as {
        annotations: { category_id: number; bbox: number[] }[];
        notes?: string[];
      };
      return { boxes: coco.annotations.filter((a) => a.category_id === 2).map((a) => a.bbox), notes: coco.notes };
    };
    const larger = { width: 2 * SIZE.width, height: 2 * SIZE.height };
    await sharp({ create: { ...larger, channels: 3, background: '#fff' } })
      .png()
      .toFile(mask);
    expect(await exported()).toEqual({ boxes: [[0, 0, SIZE.width, SIZE.height]] });
    await rm(mask);
    expect(await exported()).toEqual({ boxes: [], notes: [expect.stringContaining(path.basename(mask))] });
  });

  it('never writes over the run itself', async () => {
    const { runPath } = await sampleRun();
    for (const [format, out] of [
      ['npy', path.dirname(runPath)],
      ['json', runPath],
      ['csv', path.join(path.dirname(runPath), 'neighbours.npy')],
    ])
      await expect(exportRun(runPath, format, out)).rejects.toMatchObject({ code: 'USAGE' });
    expect((await exportRun(runPath, 'csv', path.dirname(runPath))).length).toBe(1);
  });

  it('never writes over another run', async () => {
    const { runPath } = await sampleRun();
    const other = path.dirname((await sampleRun()).runPath);
    for (const [format, out] of [
      ['npy', other],
      ['json', path.join(other, 'run.musc.json')],
      ['csv', path.join(other, 'neighbours.npy')],
    ])
      await expect(exportRun(runPath, format, out)).rejects.toMatchObject({ code: 'USAGE' });
    expect(await exportRun(runPath, 'npy', await temporaryFolder())).toHaveLength(1);
  });

  it('never writes over the run by another way to it', async () => {
    const { runPath } = await sampleRun();
    const link = path.join(await temporaryFolder(), 'link');
    await symlink(path.dirname(runPath), link);
    for (const [format, out] of [
      ['npy', link],
      ['json', path.join(link, path.basename(runPath))],
      ['csv', path.join(link, 'neighbours.npy')], // which is not there
    ])
      await expect(exportRun(runPath, format, out)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it("never writes over the folder's labels, nor where they will be", async () => {
    const { folder, runPath } = await sampleRun();
    const link = path.join(await temporaryFolder(), 'link');
    await symlink(folder, link);
    const places = [folder, link].map((one) => path.join(one, '.musc'));
    const refused = async () => {
      for (const place of places)
        for (const out of [place, path.join(place, 'labels.json')])
          await expect(exportRun(runPath, 'labels', out)).rejects.toMatchObject({ code: 'USAGE' });
    };
    await refused();
    await saveLabels(folder, [{ path: 'good/0.png', label: 'defect', at: AT }]);
    await refused();
    expect(Object.keys(await readLabels(folder))).toEqual(['good/0.png']);
    expect(await exportRun(runPath, 'labels', places[0], { as: 'csv' })).toHaveLength(1);
  });

  it('overlays and heatmaps: at the size of the picture; the run scale leaves good pictures as they are', async () => {
    const { runPath } = await sampleRun();
    const out = await temporaryFolder();
    await exportRun(runPath, 'overlays', path.join(out, 'o'), { type: 'png' });
    await exportRun(runPath, 'heatmaps', path.join(out, 'h'), { type: 'png', colormap: 'grey', scale: 'picture' });
    const over = await sharp(path.join(out, 'o/good/0.png')).raw().toBuffer({ resolveWithObject: true });
    expect(over.info).toMatchObject({ ...SIZE, channels: 3 });
    expect([...over.data.subarray(-3)]).toEqual([90, 120, 60]);
    const heat = await sharp(path.join(out, 'h/good/0.png')).raw().toBuffer();
    expect([...heat.subarray(0, 3)]).toEqual([255, 255, 255]);
    expect([...heat.subarray(-3)]).toEqual([0, 0, 0]);
  });

  it('heat as in the panel: the colours and the fading of its scale of the run, or of a picture', async () => {
    const { runPath } = await sampleRun();
    const out = await temporaryFolder();
    const hottest = async (name: string, options: object): Promise<[number, number, number]> => {
      await exportRun(runPath, name.split('/')[0], path.join(out, name), { type: 'png', from: 'median', ...options });
      const { data } = await sharp(path.join(out, name, 'good/0.png'))
        .raw()
        .toBuffer({ resolveWithObject: true });
      return [data[0], data[1], data[2]];
    };
    // the hottest patch of this picture has 0.1, the median patch of all 0
    const scale = runScale({ median: 0, max: 0.4 }, 0.1);
    const grey = { colormap: 'grey', ...scale };
    expect(await hottest('heatmaps/run', grey)).toEqual([64, 64, 64]);
    expect(await hottest('heatmaps/picture', { ...grey, scale: 'picture' })).toEqual([255, 255, 255]);
    const t = (0.1 - scale.clear) / (scale.full - scale.clear);
    const alpha = 0.5 * t * t * (3 - 2 * t);
    const drawn = await hottest('overlays/run', { ...grey, opacity: 0.5 });
    expect(drawn).toEqual([90, 120, 60].map((value) => Math.round(value * (1 - alpha) + 64 * alpha)));
    expect(await hottest('overlays/picture', { ...grey, opacity: 0.5, scale: 'picture' })).toEqual([173, 188, 158]);
  });

  it('a moved picture is left out and listed; none left is an error and leaves nothing', async () => {
    const { folder, runPath } = await sampleRun();
    await rm(path.join(folder, 'good/0.png'));
    const out = await temporaryFolder();
    const files = await exportRun(runPath, 'overlays', path.join(out, 'o'));
    expect(files).toHaveLength(6);
    expect(await readFile(path.join(out, 'o/skipped.txt'), 'utf8')).toMatch(/^good\/0\.png\tnot found/);
    await rm(path.join(folder, 'good'), { recursive: true });
    for (const type of ['crack', 'hole']) await rm(path.join(folder, type), { recursive: true });
    await expect(exportRun(runPath, 'overlays', path.join(out, 'p'))).rejects.toMatchObject({ code: 'FILE_IO' });
    expect(await readdir(out)).toEqual(['o']);
  });

  it('xlsx: a workbook', async () => {
    const { runPath } = await sampleRun();
    const [file] = await exportRun(runPath, 'xlsx', path.join(await temporaryFolder(), 'out.xlsx'));
    const bytes = await readFile(file);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
  });

  it('html: one file that loads and runs nothing, names escaped', async () => {
    const { runPath } = await sampleRun({ name: '<script>alert(1)</script>' });
    const [file] = await exportRun(runPath, 'html', path.join(await temporaryFolder(), 'out.html'));
    const text = await readFile(file, 'utf8');
    expect(text).not.toMatch(/<script|<b>&|javascript:|https?:|<link|<iframe|\son\w+=|\sstyle=/i);
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('hole/&lt;b&gt;&amp;.png');
    expect(text).toMatch(/default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-/);
    expect(text.match(/data:image\/jpeg;base64,/g)).toHaveLength(6);
    expect(text).toContain('for this &lt;test&gt;');
  });

  it('labels: csv, json and coco', async () => {
    const { folder, runPath } = await sampleRun();
    await saveLabels(folder, [{ path: 'crack/-2.png', label: 'unsure', at: AT }]);
    const out = await temporaryFolder();
    const csv = await readFile((await exportRun(runPath, 'labels', path.join(out, 'l.csv')))[0], 'utf8');
    expect(csv.split('\r\n')[5]).toBe('crack/-2.png,unsure,defect,0.5');
    const json = JSON.parse(await readFile((await exportRun(runPath, 'labels', path.join(out, 'l.json')))[0], 'utf8'));
    expect(json[4]).toEqual({ path: 'crack/-2.png', label: 'unsure', truth: 'defect', score: 0.5 });
    const [file] = await exportRun(runPath, 'labels', path.join(out, 'c.json'), { as: 'coco' });
    const coco = JSON.parse(await readFile(file, 'utf8'));
    expect(coco.annotations).toMatchObject([{ image_id: 5, category_id: 3, bbox: [0, 0, 40, 30] }]);
    await expect(exportRun(runPath, 'labels', path.join(out, 'l.txt'))).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('split: lists, or copies; originals stay', async () => {
    const { folder, runPath } = await sampleRun();
    await saveLabels(folder, [{ path: 'good/0.png', label: 'defect', at: AT }]);
    const out = await temporaryFolder();
    await exportRun(runPath, 'split', path.join(out, 'lists'));
    expect((await readdir(path.join(out, 'lists'))).sort()).toEqual([
      'defect.txt',
      'good.txt',
      'unlabelled.txt',
      'unsure.txt',
    ]);
    expect(await readFile(path.join(out, 'lists/good.txt'), 'utf8')).toBe('good/1.jpg\n');
    await exportRun(runPath, 'split', path.join(out, 'copies'), { copy: true });
    const original = await readFile(path.join(folder, 'good/0.png'));
    expect(await readFile(path.join(out, 'copies/defect/good/0.png'))).toEqual(original);
    await expect(exportRun(runPath, 'split', path.join(out, 'copies'), { copy: true })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  it('split by copies: a moved picture is left out and listed; none left is an error and leaves nothing', async () => {
    const { folder, runPath } = await sampleRun();
    await rm(path.join(folder, 'good/1.jpg'));
    const out = await temporaryFolder();
    await exportRun(runPath, 'split', path.join(out, 'copies'), { copy: true });
    expect(await readFile(path.join(out, 'copies/skipped.txt'), 'utf8')).toBe('good/1.jpg\tnot found\n');
    expect((await readdir(path.join(out, 'copies/good'), { recursive: true })).sort()).toEqual([
      'good',
      path.join('good', '0.png'),
    ]);
    for (const type of ['good', 'crack', 'hole']) await rm(path.join(folder, type), { recursive: true });
    const nothing = exportRun(runPath, 'split', path.join(out, 'none'), { copy: true });
    await expect(nothing).rejects.toMatchObject({ code: 'FILE_IO' });
    expect(await readdir(out)).toEqual(['copies']);
  });

  it('refuse what is unknown, and folders among the pictures', async () => {
    const { folder, runPath } = await sampleRun();
    const out = await temporaryFolder();
    await expect(exportRun(runPath, 'pdf', out)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(exportRun(runPath, 'csv', out, { colour: 1 })).rejects.toMatchObject({ code: 'SETTING_INVALID' });
    await expect(exportRun(runPath, 'masks', path.join(folder, 'masks2'))).rejects.toMatchObject({ code: 'USAGE' });
    await expect(exportRun(runPath, 'masks', folder)).rejects.toMatchObject({ code: 'USAGE' });
    expect(await readdir(out)).toEqual([]);
    await mkdir(path.join(folder, '.musc/exports'), { recursive: true });
    expect(await exportRun(runPath, 'masks', path.join(folder, '.musc/exports/masks'))).toHaveLength(6);
  });

  it('cancelled: nothing is left', async () => {
    const { runPath } = await sampleRun();
    const out = await temporaryFolder();
    const formats = EXPORT_FORMATS.filter((f) => !['csv', 'json', 'xlsx', 'labels'].includes(f));
    for (const format of formats) {
      const abort = new AbortController();
      const context = { signal: abort.signal, progress: () => abort.abort() };
      const options = format === 'split' ? { copy: true } : {};
      await expect(exportRun(runPath, format, path.join(out, format), options, context)).rejects.toMatchObject({
        code: 'CANCELLED',
      });
    }
    expect(await readdir(out)).toEqual([]);
  });

  it('cancelled at the last picture: nothing is left', async () => {
    const { runPath } = await sampleRun();
    const out = await temporaryFolder();
    for (const format of ['masks', 'overlays', 'heatmaps', 'split']) {
      const abort = new AbortController();
      const progress = ({ done, total }: Progress) => void (done === total && abort.abort());
      const options = format === 'split' ? { copy: true } : {};
      const context = { signal: abort.signal, progress };
      await expect(exportRun(runPath, format, path.join(out, format), options, context)).rejects.toMatchObject({
        code: 'CANCELLED',
      });
    }
    expect(await readdir(out)).toEqual([]);
  });

  it.each(['csv', 'json', 'xlsx', 'labels', 'html', 'coco', 'npy'])(
    'cancelled: the %s that is there stays as it is',
    async (format) => {
      const { runPath } = await sampleRun();
      const out = await temporaryFolder();
      const file = await put(path.join(out, 'kept'), 'as it was');
      const context = { signal: AbortSignal.abort() };
      const options = format === 'labels' ? { as: 'csv' } : {};
      await expect(exportRun(runPath, format, file, options, context)).rejects.toMatchObject({ code: 'CANCELLED' });
      expect([await readFile(file, 'utf8'), await readdir(out)]).toEqual(['as it was', ['kept']]);
    },
  );

  it.each(['overlays', 'csv'])(
    '%s take away what a killed one left there, and nothing of a living one',
    async (format) => {
      const { runPath } = await sampleRun();
      const out = await temporaryFolder();
      const living = temporaryName(path.join(out, 'pictures'));
      const dead = living.replace(`-${process.pid}-`, `-${2 ** 22 + 1}-`); // no such process
      const young = dead.replace('pictures', 'young'); // its process may be one of a container of the same name
      for (const folder of [living, dead, young]) await put(path.join(folder, 'good/0.png'), 'x');
      await put(dead.replace('pictures', 'table'), 'x');
      const before = (Date.now() - 2 * 24 * 60 * 60 * 1000) / 1000;
      await utimes(dead, before, before);
      await exportRun(runPath, format, path.join(out, 'new'));
      expect((await readdir(out)).sort()).toEqual([path.basename(living), path.basename(young), 'new']);
    },
  );
});
