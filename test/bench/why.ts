import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeSampleDataset } from '../../extension/core/dataset/sample/make-sample-dataset';
import { EngineProcess } from '../../extension/host/engine-process';
import type { RunFile } from '../../extension/protocol/run-file';
import type { BenchRow } from './bench-row';

const PICTURES = 200;
const CLICKS = 20;
const ENGINE = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'engine.js'); // the bundle lies in .cache/

/** How long "why is this patch hot" takes in a run of 200 pictures, asked of the engine as the panel does: promised is a second. */
export async function benchWhy(): Promise<BenchRow[]> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'musc-bench-'));
  const rows: BenchRow[] = [];
  const row = (name: string, value: number) =>
    rows.push({ group: `why, ${PICTURES} pictures`, name, value, unit: 'ms' });
  const start = () => new EngineProcess({ script: ENGINE, log: () => undefined });
  let engine = start();
  try {
    const folder = await pictures(scratch);
    const { run } = await engine.call('score', { folder });
    const { images, grid } = JSON.parse(await readFile(run, 'utf8')) as RunFile;
    const ask = async (n: number) => {
      const began = performance.now();
      const image = (n * 37) % images.length;
      const [row, column] = [(n * 7) % grid.height, (n * 11) % grid.width];
      await engine.call('neighbours', { run, image, row, column, k: 5 });
      return performance.now() - began;
    };
    const fresh = async () => {
      engine.dispose();
      engine = start();
      await engine.call('categories', { folder }); // the panel's engine is running when a patch is clicked
    };
    await fresh();
    row('first click', await ask(0));
    const more: number[] = [];
    for (let n = 1; n <= CLICKS; n++) more.push(await ask(n));
    more.sort((a, b) => a - b);
    row('next clicks, median', more[CLICKS >> 1]);
    row('next clicks, slowest', more[CLICKS - 1]);
    await rm(path.join(folder, '.musc', 'cache'), { recursive: true });
    await fresh();
    row('first click, features not kept', await ask(0));
    row('next click, features not kept', await ask(1));
  } finally {
    engine.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
  return rows;
}

/** Pictures of four sample data sets in one folder. */
async function pictures(scratch: string): Promise<string> {
  const folder = path.join(scratch, 'covers');
  await mkdir(folder);
  let count = 0;
  for (let seed = 0; count < PICTURES; seed++) {
    const sample = await makeSampleDataset(path.join(scratch, `sample-${seed}`), { seed });
    const files = await readdir(path.join(sample, 'test'), { recursive: true, withFileTypes: true });
    for (const file of files.filter((f) => f.isFile()).slice(0, PICTURES - count))
      await copyFile(path.join(file.parentPath, file.name), path.join(folder, `${count++}.jpg`));
  }
  return folder;
}
