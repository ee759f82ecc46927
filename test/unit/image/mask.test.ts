import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadMask, scaleMask } from '../../../extension/core/image/mask';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'musc-mask-'))));
afterAll(() => rm(folder, { recursive: true }));

/** Writes a grey PNG of 8 or 16 bits. */
async function grey(name: string, width: number, values: Uint8Array | Uint16Array): Promise<string> {
  const file = path.join(folder, name);
  const height = values.length / width;
  const image = sharp(values, { raw: { width, height, channels: 1 } });
  const wide = values instanceof Uint16Array;
  await image
    .toColourspace(wide ? 'grey16' : 'b-w')
    .png()
    .toFile(file);
  return file;
}

describe('scaleMask', () => {
  const side = fc.integer({ min: 1, max: 24 });

  test('shrinking keeps every mark: a target is set exactly when any pixel it covers is', () => {
    fc.assert(
      fc.property(side, side, side, side, fc.infiniteStream(fc.boolean()), (h, w, th, tw, bits) => {
        const [toH, toW] = [Math.min(h, th), Math.min(w, tw)];
        const mask = Uint8Array.from({ length: h * w }, () => Number(bits.next().value));
        const out = scaleMask(mask, { height: h, width: w }, { height: toH, width: toW });
        for (let y = 0; y < toH; y++)
          for (let x = 0; x < toW; x++) {
            let any = 0;
            for (let sy = 0; sy < h; sy++)
              for (let sx = 0; sx < w; sx++) {
                const covers = (s: number, t: number, from: number, to: number) =>
                  s * to < (t + 1) * from && (s + 1) * to > t * from;
                if (covers(sy, y, h, toH) && covers(sx, x, w, toW)) any |= mask[sy * w + sx];
              }
            expect(out[y * toW + x]).toBe(any);
          }
      }),
    );
  });

  test('enlarging copies the nearest pixel', () => {
    const out = scaleMask(Uint8Array.of(1, 0, 0, 1), { height: 2, width: 2 }, { height: 4, width: 4 });
    expect([...out]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1]);
  });

  test('the same size changes nothing', () => {
    const mask = Uint8Array.of(1, 0, 1, 1, 0, 0);
    expect(scaleMask(mask, { height: 2, width: 3 }, { height: 2, width: 3 })).toBe(mask);
  });
});

describe('loadMask, exact', () => {
  const size = { height: 2, width: 2 };

  test('any value but zero is marked, down to 1 of 65535', async () => {
    const small = await grey('small.png', 2, Uint8Array.of(0, 1, 254, 255));
    expect([...(await loadMask(small, size, 'exact', 'mvtec'))]).toEqual([0, 1, 1, 1]);
    const deep = await grey('deep.png', 2, Uint16Array.of(0, 1, 256, 65535));
    expect([...(await loadMask(deep, size, 'exact', 'mvtec'))]).toEqual([0, 1, 1, 1]);
  });

  test('a single marked pixel survives any shrinking', async () => {
    const values = new Uint8Array(90 * 70);
    values[45 * 90 + 31] = 255;
    const dot = await grey('dot.png', 90, values);
    const mask = await loadMask(dot, { height: 9, width: 7 }, 'exact', 'mvtec');
    expect(mask.reduce((a, b) => a + b, 0)).toBe(1);
    expect((await loadMask(dot, { height: 9, width: 7 }, 'reference', 'mvtec')).includes(1)).toBe(false);
  });

  test('another size than the picture, and a file that is no picture, are MASK_INVALID', async () => {
    const small = await grey('other.png', 2, Uint8Array.of(0, 1, 1, 0));
    const wrong = loadMask(small, size, 'exact', 'mvtec', { picture: { height: 3, width: 2 } });
    await expect(wrong).rejects.toMatchObject({ code: 'MASK_INVALID', where: small });
    const text = path.join(folder, 'text.png');
    await writeFile(text, 'not a mask');
    await expect(loadMask(text, size, 'exact', 'mvtec')).rejects.toMatchObject({ code: 'MASK_INVALID' });
    await expect(loadMask(path.join(folder, 'none.png'), size, 'exact', 'mvtec')).rejects.toMatchObject({
      code: 'MASK_INVALID',
    });
  });

  test('an aborted signal is CANCELLED', async () => {
    const file = await grey('cancel.png', 2, Uint8Array.of(0, 1, 1, 0));
    const signal = AbortSignal.abort();
    await expect(loadMask(file, size, 'exact', 'mvtec', { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
