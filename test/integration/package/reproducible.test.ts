import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloneTo, packageOf } from './packaged';

let work: string;
beforeAll(async () => void (work = await mkdtemp(path.join(os.tmpdir(), 'musc-package-test-'))));
afterAll(() => rm(work, { recursive: true, force: true }));

async function bytesOf(place: string, env: Readonly<Record<string, string>>): Promise<[string, Buffer]> {
  const clone = path.join(work, place);
  await cloneTo(clone);
  const file = await packageOf(clone, env);
  return [path.basename(file), await readFile(file)];
}

it('two clones at other paths, times, time zones and languages give the same package, byte by byte', async () => {
  const first = await bytesOf('a', { TZ: 'UTC', LANG: 'C' });
  const place = path.join('another', 'and longer', 'path');
  const second = await bytesOf(place, { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' });
  expect(second[0]).toBe(first[0]);
  expect(second[1].equals(first[1])).toBe(true);
}, 900_000);
