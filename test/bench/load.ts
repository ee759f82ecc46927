import { fork } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { recognise } from '../../extension/core/dataset/recognise';
import { decodePicture } from '../../extension/core/image/decode';
import { displayCopy } from '../../extension/core/image/display-copy';
import { makeThumbnail } from '../../extension/core/image/thumbnail';
import { saveLabels } from '../../extension/core/run/label-store';
import { listRuns } from '../../extension/core/run/run-list';
import { readMaps, RunMaps } from '../../extension/core/run/run-maps';
import { readRun, writeRun } from '../../extension/core/run/run-store';
import type { RunFile } from '../../extension/protocol/run-file';
import { DEFAULT_SCENARIO, runOf } from '../integration/webview/harness/scenario';
import type { BenchRow } from './bench-row';

const PICTURES = 10_000;
const FOLDERS = 5000;
/** A day of one decision a minute. */
const DECISIONS = 24 * 60;
const SIDE = 14_000; // pixels: 196 megapixels, just below the limit
const MEGABYTE = 2 ** 20;

const largeRun = (root: string): RunFile => ({ ...runOf({ ...DEFAULT_SCENARIO, images: PICTURES }), root });
const runIn = (work: string): string => path.join(work, 'large/first/run.musc.json');
const pictureIn = (work: string): string => path.join(work, 'large.png');

/** What is measured, each in a process of its own. A number returned is another figure: growth of the heap in MB. */
const JOBS: Readonly<Record<string, (work: string) => Promise<number | void>>> = {
  'write a run of 10,000 pictures': async (work) => {
    const maps = new Float32Array(PICTURES * 37 * 37).fill(0.5);
    await writeRun(path.join(work, 'written'), largeRun(work), maps);
  },
  'open a run of 10,000 pictures and read one map': async (work) => {
    const maps = await RunMaps.open(runIn(work), await readRun(runIn(work)));
    await maps.read(5000);
    await maps.close();
  },
  'read and check all maps of 10,000 pictures': async (work) => {
    await readMaps(runIn(work), await readRun(runIn(work)));
  },
  'list 100 runs of 10,000 pictures': async (work) => {
    const { runs, broken } = await listRuns(path.join(work, 'listed'));
    if (runs.length !== 100 || broken.length > 0) throw new Error('not a hundred runs');
  },
  'recognise 5,000 folders': async (work) => {
    const { datasets } = await recognise(path.join(work, 'folders'));
    if (datasets[0].images.length !== FOLDERS) throw new Error('not every folder');
  },
  'decode a PNG of 196 megapixels (engine)': async (work) => {
    await decodePicture(pictureIn(work), 'exact');
  },
  'a thumbnail of 196 megapixels (panel)': async (work) => {
    await makeThumbnail(pictureIn(work), 256, 'exact');
  },
  'show 196 megapixels (panel)': async (work) => {
    await (await displayCopy(pictureIn(work), 'exact')).make?.();
  },
  'a day of labels, one a minute, each synced': async (work) => {
    const heap = (): number => {
      globalThis.gc?.();
      return process.memoryUsage().heapUsed / MEGABYTE;
    };
    const folder = path.join(work, 'labels');
    let first = 0;
    for (let n = 0; n < DECISIONS; n++) {
      const at = new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();
      await saveLabels(folder, [{ path: `${(n * 7919) % PICTURES}.png`, label: n % 3 ? 'good' : 'defect', at }]);
      if (n === 60) first = heap();
    }
    return heap() - first;
  },
};

async function prepare(work: string): Promise<void> {
  const maps = new Float32Array(PICTURES * 37 * 37).fill(0.5);
  const written = await writeRun(path.join(work, 'large'), largeRun(work), maps);
  await cp(path.dirname(written), path.dirname(runIn(work)), { recursive: true });
  for (let i = 0; i < 100; i++) {
    const folder = path.join(work, 'listed/.musc/runs', `20260101-000000-${i}`);
    await mkdir(folder, { recursive: true });
    await cp(written, path.join(folder, 'run.musc.json'));
  }
  for (let i = 0; i < FOLDERS; i++) {
    const folder = path.join(work, 'folders', `${i % 50}`, `${i}`);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'a.png'), '');
  }
  const noise = Buffer.from(
    Uint8Array.from({ length: 512 * 512 * 3 }, (_, i) => 100 + (Math.imul(i, 2654435761) >>> 29)),
  );
  const tile = await sharp(noise, { raw: { width: 512, height: 512, channels: 3 } })
    .png()
    .toBuffer();
  await sharp({ create: { width: SIDE, height: SIDE, channels: 3, background: 'grey' }, limitInputPixels: false })
    .composite([{ input: tile, tile: true }])
    .removeAlpha()
    .png({ compressionLevel: 1 })
    .toFile(pictureIn(work));
}

interface Outcome {
  readonly wall: number;
  readonly cpu: number;
  readonly peak: number;
  readonly grown: number | null;
}

/** One job in a process of its own. */
const measured = (job: string, work: string): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [job, work], { execArgv: ['--expose-gc'] });
    child.on('message', (outcome) => resolve(outcome as Outcome));
    child.on('exit', (code) => reject(new Error(`${job} ended with ${code}`)));
  });

/** What the product takes at the sizes that docs/reliability.md states: time, processor and the peak of the process's memory. */
export async function benchLoad(): Promise<BenchRow[]> {
  const work = await mkdtemp(path.join(os.tmpdir(), 'musc-load-'));
  const rows: BenchRow[] = [];
  const row = (name: string, value: number, unit: string) => rows.push({ group: 'load', name, value, unit });
  try {
    await prepare(work);
    for (const job of Object.keys(JOBS)) {
      const { wall, cpu, peak, grown } = await measured(job, work);
      row(job, wall, 's');
      row('  processor', cpu, 's of it');
      row('  peak memory', peak, 'MiB');
      if (grown !== null) row('  heap after it, against after an hour of it', grown, 'MiB');
    }
    return rows;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const [, , job, work] = process.argv;
if (process.send && Object.hasOwn(JOBS, job ?? '')) {
  const started = performance.now();
  const before = process.cpuUsage();
  const grown = await JOBS[job](work);
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - started) / 1000;
  process.send({ wall, cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS / 1024, grown: grown ?? null });
}
