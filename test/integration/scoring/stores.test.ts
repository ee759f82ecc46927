import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FeatureStore } from '../../../extension/core/scoring/feature-store';
import { makeScratchFolder, requireDiskSpace } from '../../../extension/core/scoring/scratch-folder';
import { readSealed, writeSealed } from '../../../extension/core/scoring/sealed-file';

const folder = mkdtempSync(path.join(os.tmpdir(), 'musc-stores-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('FeatureStore', () => {
  const shape = { images: 3, grid: { height: 2, width: 2 }, channels: [5, 7], scratchFolder: path.join(folder, 's') };
  const features = (image: number, tap: number) =>
    Float32Array.from({ length: 4 * shape.channels[tap] }, (_, i) => image * 100 + tap * 50 + i);

  it.each([
    ['in memory', 1e6, true],
    ['one tap on disk', 3 * 4 * 5 * 4, false],
    ['on disk', 0, false],
  ])('gives back what was put, %s', async (_, memoryBytes, inMemory) => {
    const store = await FeatureStore.create({ ...shape, memoryBytes });
    expect(store.inMemory).toBe(inMemory);
    for (const image of [2, 0, 1]) for (const tap of [1, 0]) store.put(image, tap, features(image, tap));
    for (const tap of [0, 1])
      for (const image of [0, 1, 2]) expect(await store.source(tap).load(image)).toEqual(features(image, tap));
    expect(() => store.put(0, 0, new Float32Array(3))).toThrow(/values/);
    await store.close();
    if (!inMemory) expect(readdirSync(shape.scratchFolder)).toEqual([]);
  });

  it('asks for the disk space first, with numbers', async () => {
    const huge = { ...shape, images: 1e9, memoryBytes: 0, channels: [1e6] };
    await expect(FeatureStore.create(huge)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/16000000 GB of scratch space are needed and .* GB are free/) as string,
    });
    expect(readdirSync(shape.scratchFolder)).toEqual([]);
    await expect(requireDiskSpace(folder, 1)).resolves.toBeUndefined();
  });

  it('sweeps what processes that are gone have left, and nothing else', async () => {
    const parent = path.join(folder, 'sweep');
    for (const name of ['musc-scratch-999999999-abc', 'musc-scratch-x', `musc-scratch-${process.ppid}-abc`, 'other'])
      mkdirSync(path.join(parent, name), { recursive: true });
    const own = path.basename(await makeScratchFolder(parent));
    expect(readdirSync(parent).sort()).toEqual(
      ['musc-scratch-x', `musc-scratch-${process.ppid}-abc`, 'other', own].sort(),
    );
  });
});

describe('sealed files', () => {
  const file = path.join(folder, 'sealed');
  const arrays = {
    a: Float32Array.of(1, NaN, -3),
    b: Float64Array.of(Math.PI),
    c: Uint32Array.of(7, 8),
    d: Uint8Array.of(1, 2, 3),
    e: new Float32Array(0),
  };

  it('give back what was sealed', async () => {
    await writeSealed(file, { some: ['meta'] }, arrays);
    const read = await readSealed(file);
    expect(read.meta).toEqual({ some: ['meta'] });
    expect(Object.fromEntries(read.arrays)).toEqual(arrays);
    expect(readdirSync(folder).filter((f) => f.startsWith('sealed'))).toEqual(['sealed']);
  });

  it('notice any damage', async () => {
    const whole = readFileSync(file);
    const header = whole.indexOf('\n', 25);
    for (let at = 0; at < whole.length; at += at < header ? 7 : 1) {
      const broken = Buffer.from(whole);
      broken[at] ^= 0x15;
      writeFileSync(file, broken);
      const outcome = await readSealed(file).then(
        (s) => Object.fromEntries(s.arrays),
        (error: { code: string }) => error.code,
      );
      // A flipped bit in the meta data or the padding leaves the arrays as they were, one in a name renames an array.
      if (outcome !== 'FILE_INVALID') expect(Object.values(outcome)).toEqual(Object.values(arrays));
    }
    for (const length of [0, 10, header, whole.length - 9]) {
      writeFileSync(file, whole.subarray(0, length));
      await expect(readSealed(file)).rejects.toMatchObject({ code: 'FILE_INVALID' });
    }
  });
});
