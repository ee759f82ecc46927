import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PictureCache } from '../../../extension/core/image/picture-cache';

let folder: string;
let cache: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-pictures-'));
  cache = path.join(folder, 'cache');
});
afterEach(() => rm(folder, { recursive: true }));

async function picture(name: string): Promise<string> {
  await writeFile(path.join(folder, name), name);
  return path.join(folder, name);
}
const thumbnail = () => Promise.resolve(new Uint8Array(100));
/** Bytes of everything in the cache. */
async function taken(): Promise<number> {
  const names = (await readdir(cache, { recursive: true })).filter((n) => n.includes('.'));
  const sizes = await Promise.all(names.map((n) => stat(path.join(cache, n))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

test('a picture is made once, and again after it changed', async () => {
  const [pictures, file] = [new PictureCache(cache), await picture('a.png')];
  const first = await pictures.get(file, 'thumbnail 64', '.webp', thumbnail);
  expect(await pictures.get(file, 'thumbnail 64', '.webp', () => Promise.reject(new Error('made twice')))).toBe(first);
  expect(await pictures.get(file, 'thumbnail 128', '.webp', thumbnail)).not.toBe(first);
  await writeFile(file, 'changed');
  expect(await pictures.get(file, 'thumbnail 64', '.webp', thumbnail)).not.toBe(first);
});

test('the longest unused go when all take too much, and nothing that is not ours', async () => {
  const pictures = new PictureCache(cache, 1000);
  const files = await Promise.all(Array.from({ length: 30 }, (_, i) => picture(`${i}.png`)));
  const made = [];
  for (const [i, file] of files.entries()) {
    made.push(await pictures.get(file, 'x', '.webp', thumbnail));
    await pictures.trim();
    if (i === 0) await writeFile(path.join(path.dirname(made[0]), 'mine.txt'), 'x'.repeat(2000));
    await utimes(made[i], i, i).catch(() => undefined);
    if (i === 8) await utimes(made[0], 1e9, 1e9); // looked at again
  }
  await pictures.trim();
  const left = new Set((await readdir(cache, { recursive: true })).map((n) => path.join(cache, n)));
  expect(made.filter((file) => left.has(file))).toEqual([made[0], ...made.slice(21)]);
  expect(await taken()).toBe(3000);
});

test('what earlier processes left is looked through at the first write', async () => {
  const file = await picture('a.png');
  for (let i = 0; i < 20; i++) await new PictureCache(cache, 1e6).get(file, `old ${i}`, '.webp', thumbnail);
  expect(await taken()).toBe(2000);
  const next = new PictureCache(cache, 1000);
  await next.get(file, 'new', '.webp', thumbnail);
  await next.trim(); // the one that the write began
  expect(await taken()).toBe(1000);
});
