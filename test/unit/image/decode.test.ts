import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodePicture } from '../../../extension/core/image/decode';
import { displayCopy } from '../../../extension/core/image/display-copy';
import { pictureSize } from '../../../extension/core/image/source';
import { makeThumbnail } from '../../../extension/core/image/thumbnail';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'musc-decode-'))));
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);
async function put(name: string, bytes: Uint8Array | string): Promise<string> {
  await writeFile(at(name), bytes);
  return at(name);
}

/** A picture whose pixels are all different enough to notice a swap. */
const WIDTH = 7;
const HEIGHT = 5;
const pixels = (channels: number) =>
  Uint8Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => (i * 37 + (i % channels) * 91) % 256);
const image = (channels: 1 | 2 | 3 | 4) => sharp(pixels(channels), { raw: { width: WIDTH, height: HEIGHT, channels } });

async function thumbnailSize(file: string, protocol: 'exact' | 'reference'): Promise<number[]> {
  const { width, height } = await sharp(await makeThumbnail(file, 64, protocol)).metadata();
  return [width, height];
}

describe('formats', () => {
  test('lossless formats come back byte by byte, whatever they are called', async () => {
    const files = [
      await put('a.png', await image(3).png().toBuffer()),
      await put('b.tiff', await image(3).tiff({ compression: 'lzw' }).toBuffer()),
      await put('c.webp', await image(3).webp({ lossless: true }).toBuffer()),
      await put('misnamed.jpg', await image(3).png().toBuffer()),
    ];
    for (const file of files)
      for (const protocol of ['exact', 'reference'] as const) {
        const { data, width, height, channels } = await decodePicture(file, protocol);
        expect([width, height, channels]).toEqual([WIDTH, HEIGHT, 3]);
        expect(new Uint8Array(data)).toEqual(pixels(3));
      }
  });

  test('grey stays one channel', async () => {
    const file = await put('grey.png', await image(1).toColourspace('b-w').png().toBuffer());
    expect(await decodePicture(file, 'exact')).toMatchObject({ channels: 1 });
  });

  test('16 bits: clipped by the reference, scaled by exact', async () => {
    const values = Uint16Array.of(0, 200, 255, 256, 32896, 65535);
    const png = sharp(values, { raw: { width: 3, height: 2, channels: 1 } })
      .toColourspace('grey16')
      .png();
    const file = await put('deep.png', await png.toBuffer());
    expect([...(await decodePicture(file, 'reference')).data]).toEqual([0, 200, 255, 255, 255, 255]);
    expect([...(await decodePicture(file, 'exact')).data]).toEqual([0, 1, 1, 1, 128, 255]);
  });

  test('alpha: dropped by the reference, over the mean of what is opaque by exact', async () => {
    const rgba = Uint8Array.of(10, 20, 30, 255, 50, 60, 70, 255, 200, 0, 200, 0);
    const file = await put(
      'alpha.png',
      await sharp(rgba, { raw: { width: 3, height: 1, channels: 4 } })
        .png()
        .toBuffer(),
    );
    expect([...(await decodePicture(file, 'reference')).data]).toEqual([10, 20, 30, 50, 60, 70, 200, 0, 200]);
    expect([...(await decodePicture(file, 'exact')).data]).toEqual([10, 20, 30, 50, 60, 70, 30, 40, 50]);
  });

  test('EXIF orientation: ignored by the reference, applied by exact and wherever a size is told', async () => {
    const file = await put('turned.jpg', await image(3).withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect(await decodePicture(file, 'reference')).toMatchObject({ width: WIDTH, height: HEIGHT });
    expect(await decodePicture(file, 'exact')).toMatchObject({ width: HEIGHT, height: WIDTH });
    expect(await pictureSize(file)).toEqual({
      width: HEIGHT,
      height: WIDTH,
      format: 'jpeg',
      bytes: (3 + 6) * WIDTH * HEIGHT,
    });
    expect(await displayCopy(file, 'exact')).toMatchObject({ make: null, width: HEIGHT, height: WIDTH });
    expect(await displayCopy(file, 'reference')).toMatchObject({ width: WIDTH, height: HEIGHT, extension: '.png' });
    expect(await thumbnailSize(file, 'exact')).toEqual([HEIGHT, WIDTH]);
    expect(await thumbnailSize(file, 'reference')).toEqual([WIDTH, HEIGHT]);
  });
});

describe('refusals, each with its reason', () => {
  const cases: readonly (readonly [string, () => Promise<string>, string, RegExp])[] = [
    ['nothing there', async () => at('none.png'), 'PICTURE_UNREADABLE', /gone/],
    ['empty', () => put('empty.png', ''), 'PICTURE_UNREADABLE', /empty/],
    ['text', () => put('text.jpg', 'hello'), 'PICTURE_UNREADABLE', /not a picture/],
    ['zeros', () => put('zeros.png', new Uint8Array(1000)), 'PICTURE_UNREADABLE', /not a picture/],
    ['folder', async () => folder, 'PICTURE_UNREADABLE', /regular file/],
    [
      'cut JPEG',
      async () => put('cut.jpg', (await image(3).resize(200).jpeg().toBuffer()).subarray(0, 2000)),
      'PICTURE_UNREADABLE',
      /cut short|damaged/,
    ],
    [
      'cut PNG',
      async () => put('cut.png', (await image(3).resize(200).png().toBuffer()).subarray(0, 5000)),
      'PICTURE_UNREADABLE',
      /cut short|damaged/,
    ],
    [
      'cut PNG header',
      async () => put('head.png', (await image(3).png().toBuffer()).subarray(0, 20)),
      'PICTURE_UNREADABLE',
      /./,
    ],
    [
      'cut TIFF',
      async () => put('cut.tif', (await image(3).tiff().toBuffer()).subarray(0, 60)),
      'PICTURE_UNREADABLE',
      /./,
    ],
    [
      'cut WebP',
      async () => put('cut.webp', (await image(3).webp().toBuffer()).subarray(0, 40)),
      'PICTURE_UNREADABLE',
      /./,
    ],
    ['GIF', async () => put('g.gif', await image(3).gif().toBuffer()), 'PICTURE_UNSUPPORTED', /GIF/],
    ['GIF called PNG', async () => put('g.png', await image(3).gif().toBuffer()), 'PICTURE_UNSUPPORTED', /GIF/],
    ['SVG', () => put('s.svg', '<?xml version="1.0"?><svg xmlns="x"/>'), 'PICTURE_UNSUPPORTED', /SVG/],
    ['SVG called PNG', () => put('s.png', '<svg xmlns="x"/>'), 'PICTURE_UNSUPPORTED', /SVG/],
    ['PDF', () => put('p.jpg', '%PDF-1.7'), 'PICTURE_UNSUPPORTED', /PDF/],
    [
      'animated WebP',
      async () => {
        const frames = sharp(pixels(3), { raw: { width: WIDTH, height: HEIGHT, channels: 3, pageHeight: 1 } });
        return put('moving.webp', await frames.webp({ delay: [10, 10, 10, 10, 10] }).toBuffer());
      },
      'PICTURE_UNSUPPORTED',
      /animation/,
    ],
  ];
  for (const [name, make, code, reason] of cases)
    test(name, async () => {
      const file = await make();
      for (const read of [
        () => decodePicture(file, 'exact'),
        () => decodePicture(file, 'reference'),
        () => makeThumbnail(file, 64, 'exact'),
      ])
        await expect(read()).rejects.toMatchObject({ code, where: file, message: expect.stringMatching(reason) });
    });

  test('a broken symbolic link', async () => {
    await symlink(at('nowhere'), at('link.png'));
    await expect(decodePicture(at('link.png'), 'exact')).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' });
  });

  test('too many pixels, told from the header', async () => {
    const file = await put('fine.png', await image(3).png().toBuffer());
    const limits = { maxPixels: WIDTH * HEIGHT - 1 };
    await expect(decodePicture(file, 'exact', limits)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' });
    await expect(pictureSize(file, limits)).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' });
    expect(await decodePicture(file, 'exact', { maxPixels: WIDTH * HEIGHT })).toMatchObject({ width: WIDTH });
  });

  test('a bomb: a small file that promises 100,000 x 100,000 pixels, or 100,000 in one row', async () => {
    const png = await image(3).png().toBuffer();
    const { crc32 } = await import('node:zlib');
    for (const [width, height] of [
      [100_000, 100_000],
      [100_000, 1],
    ]) {
      const bomb = Buffer.from(png);
      bomb.writeUInt32BE(width, 16);
      bomb.writeUInt32BE(height, 20);
      bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
      const file = await put(`bomb-${height}.png`, bomb);
      for (const read of [
        () => decodePicture(file, 'exact'),
        () => makeThumbnail(file, 64, 'exact'),
        () => pictureSize(file),
        () => displayCopy(file, 'exact'),
      ])
        await expect(read()).rejects.toMatchObject({ code: 'PICTURE_TOO_LARGE' });
    }
  });

  test('an aborted signal is CANCELLED', async () => {
    const file = await put('cancel.png', await image(3).png().toBuffer());
    const read = decodePicture(file, 'exact', { signal: AbortSignal.abort() });
    await expect(read).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('for showing', () => {
  test('thumbnails keep the aspect ratio and are never enlarged', async () => {
    const file = await put('wide.png', await image(3).resize(400, 100, { fit: 'fill' }).png().toBuffer());
    expect(await sharp(await makeThumbnail(file, 64, 'exact')).metadata()).toMatchObject({
      format: 'webp',
      width: 64,
      height: 16,
    });
    expect(await sharp(await makeThumbnail(file, 1000, 'exact')).metadata()).toMatchObject({ width: 400, height: 100 });
  });

  test('what a browser can not show is converted, with the pixels that were scored', async () => {
    const file = await put('show.tif', await image(3).tiff({ compression: 'deflate' }).toBuffer());
    const copy = await displayCopy(file, 'exact');
    expect(copy).toMatchObject({ extension: '.png', contentType: 'image/png', width: WIDTH, height: HEIGHT });
    expect(
      new Uint8Array(
        await sharp(await copy.make?.())
          .raw()
          .toBuffer(),
      ),
    ).toEqual(pixels(3));
    expect(await displayCopy(await put('show.png', await image(3).png().toBuffer()), 'exact')).toMatchObject({
      make: null,
    });
  });
});
