import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { throwIfAborted } from '../../errors';
import type { Grid } from '../../array/grid';
import { joinInside } from '../safe-path';
import { RunMaps } from '../run-maps';
import { step, type ExportJob } from './export-job';
import { SkippedPictures } from './skipped';

/**
 * Paths of one output picture per picture of the run, mirroring its folders: `crack/003.bmp` becomes `crack/003_mask.png`. Where two
 * pictures differ in their extension only, it stays in the name.
 */
export function outputNames(paths: readonly string[], suffix: string): string[] {
  const stem = (p: string): string => p.replace(/\.[^./]*$/, '');
  const counts = new Map<string, number>();
  for (const p of paths) counts.set(stem(p).toLowerCase(), (counts.get(stem(p).toLowerCase()) ?? 0) + 1);
  return paths.map((p) => `${counts.get(stem(p).toLowerCase()) === 1 ? stem(p) : p}${suffix}`);
}

/** One picture's raw samples, interleaved, 1 or 3 channels. */
export interface Drawn extends Grid {
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** Encodes and writes a picture below `folder`; never outside of it. */
async function writePicture(folder: string, name: string, { data, width, height, channels }: Drawn): Promise<void> {
  const file = joinInside(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  const image = sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
  const grey = channels === 1 ? image.toColourspace('b-w') : image;
  const bytes = await (name.endsWith('.png') ? grey.png() : grey.jpeg({ quality: 92 })).toBuffer();
  await writeFile(file, bytes);
}

/**
 * Draws one picture per picture of the run into `folder`. A picture that can't be read (moved, changed) is left out and
 * listed in `skipped.txt` with the reason; if none can be, the first reason is thrown.
 */
export async function drawAll(
  job: ExportJob,
  folder: string,
  names: readonly string[],
  draw: (index: number, patches: Float32Array) => Promise<Drawn>,
): Promise<void> {
  const { run } = job;
  if (run.images.length === 0) return;
  const skipped = new SkippedPictures();
  const maps = await RunMaps.open(job.runPath, run);
  try {
    for (let i = 0; i < maps.count; i++) {
      throwIfAborted(job.signal);
      const patches = await maps.read(i);
      const drawn = await draw(i, patches).catch((error: unknown) => skipped.add(run.images[i].path, error));
      if (drawn) await writePicture(folder, names[i], drawn);
      step(job, i + 1, run.images[i].path);
    }
  } finally {
    await maps.close();
  }
  await skipped.write(folder, run.images.length);
}
