import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContentIndex } from '../../../extension/core/pipeline/content-index';
import { FeatureCache } from '../../../extension/core/pipeline/feature-cache';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const features = { width: 640, height: 480, taps: Float32Array.of(1, -2.5, 3e-9), embedding: Float32Array.of(0.25) };
const HASH = 'a'.repeat(64);

describe('FeatureCache', () => {
  it('gives back bit for bit what was put', async () => {
    await (await FeatureCache.open(folder, { key: 1 }, 100)).put(HASH, features);
    expect(await (await FeatureCache.open(folder, { key: 1 }, 100)).get(HASH)).toEqual(features);
  });

  it('keeps features of other settings apart', async () => {
    await (await FeatureCache.open(folder, { key: 1 }, 100)).put(HASH, features);
    expect(await (await FeatureCache.open(folder, { key: 2 }, 100)).get(HASH)).toBeNull();
  });

  it('takes a cut or changed entry for absent', async () => {
    const cache = await FeatureCache.open(folder, { key: 1 }, 100);
    await cache.put(HASH, features);
    const file = path.join(folder, (await readdir(folder))[0], HASH);
    const bytes = await readFile(file);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(file, bytes);
    expect(await cache.get(HASH)).toBeNull();
    await truncate(file, 20);
    expect(await cache.get(HASH)).toBeNull();
  });

  it('does without where a run is larger than the limit', async () => {
    const cache = await FeatureCache.open(folder, { key: 1 }, 100, 99);
    await cache.put(HASH, features);
    expect(await cache.get(HASH)).toBeNull();
  });

  it('makes room by dropping the longest unused settings', async () => {
    for (const key of [1, 2]) await (await FeatureCache.open(folder, { key }, 10, 1000)).put(HASH, features);
    for (const name of await readdir(folder)) await utimes(path.join(folder, name), new Date(0), new Date(0));
    await FeatureCache.open(folder, { key: 2 }, 10, 1000); // used lately
    const small = (await stat(path.join(folder, (await readdir(folder))[0], HASH))).size + 10;
    await FeatureCache.open(folder, { key: 3 }, 10, small);
    expect(await (await FeatureCache.open(folder, { key: 2 }, 0, 1000)).get(HASH)).not.toBeNull();
    expect(await (await FeatureCache.open(folder, { key: 1 }, 0, 1000)).get(HASH)).toBeNull();
  });
});

describe('ContentIndex', () => {
  it('hashes content, and only what has changed', async () => {
    const picture = path.join(folder, 'a.png');
    await writeFile(picture, 'one');
    const index = path.join(folder, 'cache', 'content.json');
    const first = await ContentIndex.open(index);
    const before = await first.state(picture, 'a.png');
    await first.save();
    const second = await ContentIndex.open(index);
    expect(await second.state(picture, 'a.png')).toMatchObject({ hash: before.hash, bytes: 3 });
    await writeFile(picture, 'two');
    await utimes(picture, new Date(), new Date(Date.now() + 5000));
    expect((await second.state(picture, 'a.png')).hash).not.toBe(before.hash);
  });

  it('stops hashing for a signal, and remembers nothing of it', async () => {
    const picture = path.join(folder, 'a.png');
    await writeFile(picture, 'one');
    const index = await ContentIndex.open(path.join(folder, 'cache', 'content.json'));
    await expect(index.state(picture, 'a.png', AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await index.state(picture, 'a.png')).bytes).toBe(3);
  });

  it('survives a damaged index', async () => {
    await mkdir(path.join(folder, 'cache'));
    const index = path.join(folder, 'cache', 'content.json');
    await writeFile(index, '{"version":1,"files":{"__proto__":');
    await writeFile(path.join(folder, 'a.png'), 'x');
    expect((await (await ContentIndex.open(index)).state(path.join(folder, 'a.png'), 'a.png')).bytes).toBe(1);
  });
});
