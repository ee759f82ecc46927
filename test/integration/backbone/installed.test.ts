import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HERE } from '../../../extension/core/run/atomic-write';
import { importBackbone } from '../../../extension/core/backbone/import-backbone';
import { encodeModel } from '../../../extension/core/backbone/onnx/encode';
import { openBackbone } from '../../../extension/core/backbone/open-backbone';
import { embeddedBackbone, findBackbone, listBackbones } from '../../../extension/core/backbone/registry';
import { verifyBackbones } from '../../../extension/core/backbone/verify-backbones';
import { tinyConvolution } from '../../unit/backbone/tiny-network';

let folder: string;
let models: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-models-'));
  models = path.join(folder, 'models');
  file = path.join(folder, 'My Network (v2).onnx');
  await writeFile(file, encodeModel(tinyConvolution()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const request = (backbone: string) => ({
  backbone,
  taps: 'auto' as const,
  input: null,
  device: 'cpu' as const,
  protocol: 'exact' as const,
  threads: 1,
});

describe('the embedded backbone', () => {
  it('opens and runs', async () => {
    const { entry } = await embeddedBackbone();
    const backbone = await openBackbone(request(entry.id));
    const { id, imageSize, degrees, note } = entry;
    expect(backbone.info).toMatchObject({ id, imageSize, degrees, note });
    expect(backbone.input).toEqual({ height: entry.imageSize, width: entry.imageSize });
    const { taps } = await backbone.run(new Float32Array(3 * entry.imageSize ** 2), 1);
    taps.forEach((t, i) => expect(t.length).toBe(backbone.grid.height * backbone.grid.width * backbone.channels[i]));
    await backbone.close();
  });

  it('is what its entry says', async () => {
    const results = await verifyBackbones();
    expect(results).toEqual([{ id: 'musc-embedded', ok: true, detail: expect.stringContaining('right') as string }]);
  });

  it('says that it is for a first look', async () => {
    expect((await embeddedBackbone()).entry.note).toMatch(/first look/);
  });
});

describe('an imported backbone', () => {
  it('is copied, listed, verified and opened by its id', async () => {
    const options = { taps: ['fine', 'coarse'], preprocess: 'clip' as const, imageSize: 64 };
    const entry = await importBackbone(file, models, options);
    expect(entry).toMatchObject({ id: 'my-network-v2', imageSize: 64, taps: ['fine', 'coarse'], embedding: null });
    expect((await findBackbone(entry.id, models)).file).toBe(path.join(models, entry.id, 'My Network (v2).onnx'));
    expect(await verifyBackbones(models)).toContainEqual(expect.objectContaining({ id: entry.id, ok: true }));
    const backbone = await openBackbone(request(entry.id), { models });
    expect(backbone.taps).toEqual(['fine', 'coarse']);
    expect(backbone.input).toEqual({ height: 64, width: 64 });
    expect(backbone.info.preprocess.resize).toBe('bicubic');
    await backbone.close();
    // The same file again replaces its entry, and nothing temporary stays behind.
    await importBackbone(file, models, { ...options, taps: ['fine'] });
    expect(await readdir(models)).toEqual([entry.id]);
  });

  it('comes with tidying up after imports that were killed', async () => {
    const dead = 2 ** 22 + 1;
    const own = path.join(folder, 'tidied');
    for (const name of [
      `.incoming-${HERE}-${dead}-1`,
      `.old-${HERE}-${dead}-back`,
      `.old-${HERE}-${dead}-there`,
      'there',
      `.incoming-${HERE}-${process.pid}-2`,
      `.incoming-00000000-${dead}-3`,
    ])
      await mkdir(path.join(own, name), { recursive: true });
    await importBackbone(file, own, { taps: ['fine'], id: 'new' });
    expect((await readdir(own)).sort()).toEqual(
      ['back', 'new', 'there', `.incoming-${HERE}-${process.pid}-2`, `.incoming-00000000-${dead}-3`].sort(),
    );
  });

  it('needs an id of its own', async () => {
    const taps = ['fine'];
    await expect(importBackbone(file, models, { taps, id: 'musc-embedded' })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(importBackbone(file, models, { taps, id: '../out' })).rejects.toMatchObject({ code: 'USAGE' });
    expect(existsSync(path.join(folder, 'out'))).toBe(false);
  });

  it('that does not run leaves nothing behind', async () => {
    const bad = path.join(folder, 'bad.onnx');
    await writeFile(bad, 'nothing');
    await expect(importBackbone(bad, models, { taps: 'auto' })).rejects.toMatchObject({ code: 'BACKBONE_INVALID' });
    expect(await readdir(models)).not.toContain('bad');
  });

  it('changed on disk is found out', async () => {
    const copy = path.join(models, 'my-network-v2', 'My Network (v2).onnx');
    const bytes = await readFile(copy);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(copy, bytes);
    await utimes(copy, new Date(), new Date(Date.now() + 2000)); // some disks count in seconds
    await expect(openBackbone(request('my-network-v2'), { models })).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
    });
    expect(await verifyBackbones(models)).toContainEqual(expect.objectContaining({ id: 'my-network-v2', ok: false }));
    await rm(copy);
    await expect(openBackbone(request('my-network-v2'), { models })).rejects.toMatchObject({
      code: 'BACKBONE_MISSING',
    });
  });
});

describe('the list of backbones', () => {
  it('survives entries that can’t be read, and reports them', async () => {
    const broken: string[] = [];
    const own = path.join(folder, 'broken-models');
    for (const [id, text] of [
      ['nonsense', '{'],
      ['wrong', '{"id": "wrong"}'],
      ['escape', JSON.stringify({ id: 'other' })],
    ]) {
      await mkdir(path.join(own, id), { recursive: true });
      await writeFile(path.join(own, id, 'entry.json'), text);
    }
    const known = await listBackbones(own, (error) => broken.push(error.code));
    expect(known.map((k) => k.entry.id)).toContain('musc-embedded');
    expect(broken).toEqual(['FILE_INVALID', 'FILE_INVALID', 'FILE_INVALID']);
    expect((await verifyBackbones(own)).filter((v) => !v.ok).map((v) => v.id)).toEqual(['escape', 'nonsense', 'wrong']);
  });

  it('has every id once', async () => {
    const ids = (await listBackbones()).map((k) => k.entry.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names what there is when asked for something else', async () => {
    await expect(findBackbone('nope')).rejects.toMatchObject({ code: 'BACKBONE_UNKNOWN' });
    await expect(openBackbone(request('no/such/file.onnx'))).rejects.toMatchObject({ code: 'BACKBONE_UNKNOWN' });
  });
});
