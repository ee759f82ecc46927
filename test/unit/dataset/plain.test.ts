import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { recognise } from '../../../extension/core/dataset/recognise';

/** Masks that are being read now, and the most that ever were. */
let [now, most] = [0, 0];
vi.mock('../../../extension/core/image/mask', () => ({
  nativeMask: async () => {
    most = Math.max(most, ++now);
    await wait(5);
    now--;
    return { height: 1, width: 1, data: Uint8Array.of(1) };
  },
}));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'musc-plain-'));
  [now, most] = [0, 0];
});
afterEach(() => rm(root, { recursive: true }));

/** The most masks of this size that are read at once, of twenty. */
async function readAtOnce(width: number, height: number): Promise<number> {
  const mask = path.join(root, 'mask.bin');
  await sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .png()
    .toFile(mask);
  await mkdir(path.join(root, 'set/masks'), { recursive: true });
  for (let i = 0; i < 20; i++) {
    await writeFile(path.join(root, `set/${i}.png`), '');
    await copyFile(mask, path.join(root, `set/masks/${i}.png`));
  }
  const { datasets } = await recognise(path.join(root, 'set'), { masks: path.join(root, 'set/masks') });
  expect(datasets[0].images.map(({ truth }) => truth)).toEqual(Array(20).fill('defect'));
  return most;
}

it('reads small masks many at a time', async () => {
  expect(await readAtOnce(8, 8)).toBeGreaterThan(4);
});

it('reads fewer of large masks: sixteen of them, decoded, would not fit in memory', async () => {
  expect(await readAtOnce(4000, 3000)).toBe(2); // of 48 MB, and 72 for what is made of them, within 256
});
