import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dispatch } from '../../../extension/engine/dispatch';
import { BENCH_FORMATS } from '../../../extension/protocol/bench-metrics';
import type { BenchFile } from '../../../extension/protocol/bench-file';
import { smallCategory } from '../engine/small-folder';

const CLI = path.resolve('dist/cli.js');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-miniature-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const numbers = (n: number): string[] => Array.from({ length: n }, (_, i) => `00${i}.png`);

/** A category in MVTec AD's form, eight good pictures and two with a hole, as a root's other forms are made of. */
async function categories(root: string, names: readonly string[]): Promise<string> {
  await mkdir(root, { recursive: true });
  for (const name of names) {
    const made = await smallCategory();
    await rename(made, path.join(root, name));
    await rm(path.dirname(made), { recursive: true });
  }
  return root;
}

const mvtec = (root: string) => categories(root, ['bottle', 'screw']);

async function btad(root: string): Promise<string> {
  await categories(root, ['01', '03']);
  for (const name of ['01', '03'])
    for (const [from, to] of [
      ['test/good', 'test/ok'],
      ['test/hole', 'test/ko'],
      ['ground_truth/hole', 'ground_truth/ko'],
    ])
      await rename(path.join(root, name, from), path.join(root, name, to));
  for (const name of ['01', '03'])
    for (const file of numbers(2)) {
      const mask = path.join(root, name, 'ground_truth/ko', file);
      await rename(mask.replace('.png', '_mask.png'), mask);
    }
  return root;
}

async function visa(root: string): Promise<string> {
  const parts = await categories(`${root}-parts`, ['candle', 'pcb1']);
  const lines = ['object,split,label,image,mask'];
  for (const name of ['candle', 'pcb1']) {
    const at = (...p: string[]) => path.join(root, name, 'Data', ...p);
    await mkdir(at('Images'), { recursive: true });
    await mkdir(at('Masks'));
    await cp(path.join(parts, name, 'test/good'), at('Images/Normal'), { recursive: true });
    await cp(path.join(parts, name, 'test/hole'), at('Images/Anomaly'), { recursive: true });
    await cp(path.join(parts, name, 'ground_truth/hole'), at('Masks/Anomaly'), { recursive: true });
    const listed = `${name}/Data`;
    lines.push(...numbers(8).map((f) => `${name},test,normal,${listed}/Images/Normal/${f},`));
    for (const f of numbers(2))
      lines.push(
        `${name},test,anomaly,${listed}/Images/Anomaly/${f},${listed}/Masks/Anomaly/${f.replace('.', '_mask.')}`,
      );
    lines.push(`${name},train,normal,${listed}/Images/Normal/not-there.png,`);
  }
  await mkdir(path.join(root, 'split_csv'));
  await writeFile(path.join(root, 'split_csv/1cls.csv'), `${lines.join('\n')}\n`);
  return root;
}

describe.each([
  ['mvtec', mvtec, ['bottle', 'screw'], '10 of 83 pictures', 'cable'],
  ['btad', btad, ['01', '03'], '10 of 70 pictures', '02'],
  ['visa', visa, ['candle', 'pcb1'], '10 of 200 pictures', 'capsules'],
] as const)('a miniature of %s', (layout, make, names, problem, missing) => {
  it('goes through musc bench to every export, and says what is missing', async () => {
    const root = await make(path.join(folder, layout));
    const found = await dispatch(
      'categories',
      { folder: root },
      { signal: new AbortController().signal, progress: () => undefined, log: () => undefined },
    );
    expect([found.layout, found.categories.map(({ name, images }) => [name, images])]).toEqual([
      layout,
      names.map((name) => [name, 10]),
    ]);
    expect(found.missing).toContain(missing);
    const place = (format: string) => path.join(folder, `${layout}.${format}`);
    const exports = BENCH_FORMATS.flatMap((format) => ['--export', place(format)]);
    const argv = [CLI, 'bench', root, '--image-size', '64', '--threads', '1', ...exports, '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, argv, { maxBuffer: 1 << 26 });
    const bench = JSON.parse(stdout) as BenchFile & { file: string };
    expect(bench.dataset.layout).toBe(layout);
    expect(bench.dataset.notes.join()).toContain(missing);
    expect(bench.categories.map((c) => c.name)).toEqual(names);
    for (const category of bench.categories) {
      expect(category.images).toBe(10);
      expect(Object.values(category.figures ?? {}).every((v) => v !== null && v > 0)).toBe(true);
      expect(category.figures?.image_auroc).toBe(1);
      expect(category.figures?.pixel_auroc).toBeGreaterThan(0.95); // 4 x 4 cells rank well and outline coarsely
    }
    expect(bench.categories[0].problem).toBe(problem);
    const text = async (format: string) => readFile(place(format), 'latin1');
    expect((await text('csv')).split('\r\n').filter((line) => /,10,100,/.test(line))).toHaveLength(2);
    expect(await text('md')).toMatch(
      new RegExp(`\\| ${names[0]} \\| 10 \\|[\\s\\S]*\\*\\*mean\\*\\*[\\s\\S]*${problem}`),
    );
    expect(await text('tex')).toMatch(new RegExp(`${names[1]} & 100\\.00 &`));
    expect(await text('xlsx')).toMatch(/^PK/);
    expect(await text('html')).toContain(problem);
  });
});

it('several data sets go into one file, a sheet each', async () => {
  const roots = [await mvtec(path.join(folder, 'first set')), await btad(path.join(folder, 'second set'))];
  const [xlsx, csv] = [path.join(folder, 'both.xlsx'), path.join(folder, 'both.csv')];
  const flags = ['--image-size', '64', '--threads', '1', '--export', xlsx, '--export', csv, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'bench', ...roots, ...flags]);
  expect((JSON.parse(stdout) as BenchFile[]).map((bench) => bench.dataset.layout)).toEqual(['mvtec', 'btad']);
  expect((await readFile(csv, 'utf8')).match(/^(first|second) set,(bottle|screw|01|03),/gm)).toHaveLength(4);
  const sheets = Buffer.from(unzipSync(await readFile(xlsx))['xl/workbook.xml']).toString();
  expect(sheets).toMatch(/first set[\s\S]*second set/);
});
