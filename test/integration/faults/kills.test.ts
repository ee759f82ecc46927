import { spawn, type ChildProcess } from 'node:child_process';
import { watch } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProcessAlive } from '../../../extension/core/process-alive';
import { readLabels } from '../../../extension/core/run/label-store';
import { listRuns } from '../../../extension/core/run/run-list';
import { readMaps } from '../../../extension/core/run/run-maps';
import { readRun } from '../../../extension/core/run/run-store';
import { Random } from '../../fuzz/random';
import { folderToRunIn, unpackedProduct } from '../package/packaged';
import { makePictures, score } from './command-line';

/** Points at which a process is killed; MUSC_KILL_POINTS=50 for a long look. */
const POINTS = Number(process.env.MUSC_KILL_POINTS ?? 6);
const SEED = Number(process.env.MUSC_KILL_SEED ?? 1);
const VICTIMS = ['engine', 'host', 'both'] as const;
/** Named after the user, as `scratchParent` does. */
const ownScratch = () =>
  path.join(scratch, ['musc-inspector', process.geteuid?.()].filter((part) => part !== undefined).join('-'));
/** Scratch as a process that is gone leaves it: no process has such a number. */
const LEFT_BEHIND = `musc-scratch-${2 ** 22 + 1}-x`;

let work: string;
let product: string;
let pictures: string;
let scratch: string;
/** What an undisturbed run of the command line gives, and how long the host takes for it, ms. */
let expected: { scores: [string, number][]; maps: Float32Array };
let duration: number;

async function resultOf(runPath: string) {
  const run = await readRun(runPath);
  return { scores: run.images.map((i): [string, number] => [i.path, i.score]), maps: await readMaps(runPath, run) };
}

/** A folder with one run, whose pictures can be labelled, and nothing cached. */
async function freshFolder(name: string): Promise<string> {
  const folder = path.join(work, name);
  await cp(pictures, folder, { recursive: true });
  return folder;
}

interface Decision {
  readonly path: string;
  readonly label: string;
}

/** The packaged extension host at work on a folder: labels, and scores. */
class Host {
  readonly child: ChildProcess;
  readonly done: Promise<NodeJS.Signals | number | null>;
  readonly engines: number[] = [];
  readonly saved: Decision[] = [];
  /** The decision that is being saved, whose fate is open when it is killed. */
  saving: Decision | null = null;
  run: string | null = null;
  /** Scores that failed because their engine died. */
  failures = 0;
  #engine: (() => void) | null = null;

  constructor(folder: string, runs: readonly string[]) {
    const script = path.join(__dirname, 'stand-in-editor.mjs');
    this.child = spawn(process.execPath, [script, product, folder, runs[0]], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, MUSC_SCRATCH: scratch },
    });
    const lines = createInterface({ input: this.child.stdout! });
    lines.on('line', (line) => this.#said(JSON.parse(line) as Record<string, string>));
    const heard = new Promise((resolve) => lines.on('close', resolve));
    this.done = new Promise((resolve) =>
      this.child.on('exit', (code, signal) => void heard.then(() => resolve(signal ?? code))),
    );
  }

  #said(line: Record<string, string>): void {
    const { log, saving, saved, label, run, failed } = line;
    const engine = /^Engine started \(process (\d+)\)/.exec(log ?? '');
    if (engine) {
      this.engines.push(Number(engine[1]));
      const end = this.#engine;
      this.#engine = null; // one engine only: the host starts another
      end?.();
    } else if (saving !== undefined) this.saving = { path: saving, label };
    else if (saved !== undefined) {
      this.saved.push({ path: saved, label });
      this.saving = null;
    } else if (run !== undefined) this.run = run;
    else if (failed === 'ENGINE_DIED') this.failures++;
  }

  kill(victim: (typeof VICTIMS)[number]): void {
    const end = () => {
      for (const pid of victim === 'host' ? [] : this.engines.filter((pid) => isProcessAlive(pid)))
        process.kill(pid, 'SIGKILL');
      if (victim !== 'engine') this.child.kill('SIGKILL');
    };
    if (victim === 'host' || this.engines.length > 0) end();
    else this.#engine = end; // no sooner than there is one
  }
}

/** Every run that is listed is whole and has the result. */
async function onlyWholeRuns(folder: string): Promise<string[]> {
  const { runs, broken } = await listRuns(folder);
  expect(broken).toEqual([]);
  for (const { path: file } of runs) expect(await resultOf(file)).toEqual(expected);
  return runs.map((run) => run.path);
}

/** Every label that was said to be saved is there, unless the one being saved took its place. */
async function labelsIntact(folder: string, { saved, saving }: Host): Promise<void> {
  const labels = await readLabels(folder);
  for (const [name, label] of new Map(saved.map((s) => [s.path, s.label])))
    expect([label, ...(saving?.path === name ? [saving.label] : [])]).toContain(labels[name].label);
}

/** Ends, or the test does not. */
async function gone(pids: readonly number[]): Promise<void> {
  while (pids.some((pid) => isProcessAlive(pid))) await sleep(20);
}

const leftIn = async (folder: string): Promise<string[]> =>
  (await readdir(path.join(folder, '.musc'), { recursive: true })).filter((n) =>
    /\.(owner|lock|tmp|musc-tmp)$/.test(n),
  );

beforeAll(async () => {
  work = await folderToRunIn('kills');
  product = await unpackedProduct(work);
  pictures = path.join(work, 'pictures');
  scratch = path.join(work, 'scratch');
  await makePictures(pictures);
  expected = await resultOf((await score(path.join(product, 'dist/cli.js'), pictures)).run);
  await rm(path.join(pictures, '.musc/cache'), { recursive: true });
  const folder = await freshFolder('undisturbed');
  const started = performance.now();
  const host = new Host(folder, await onlyWholeRuns(folder));
  expect(await host.done).toBe(0);
  duration = performance.now() - started;
}, 900_000);
afterAll(() => rm(work, { recursive: true, force: true }));

describe('the packaged product', () => {
  it(`killed at ${POINTS} points, engine, host or both, loses nothing and goes on to the same result`, async () => {
    const random = new Random(SEED);
    const report = { engine: 0, host: 0, both: 0, early: 0, labels: 0 };
    for (let point = 0; point < POINTS; point++) {
      const victim = VICTIMS[point % VICTIMS.length];
      const folder = await freshFolder(`killed-${point}`);
      const host = new Host(folder, await onlyWholeRuns(folder));
      // half of the points by time, half by what happens on the disk, where the moments between two writes are
      const kill = () => host.kill(victim);
      if (point % 2 === 0) setTimeout(kill, random.below(duration));
      else {
        let left = 1 + random.below(60);
        const watcher = watch(path.join(folder, '.musc'), { recursive: true }, (_, name) => {
          if (!/labels/.test(String(name)) && --left === 0) kill();
        });
        watcher.on('error', () => undefined); // files come and go
        void host.done.then(() => watcher.close());
      }
      const end = await host.done;
      if (victim === 'engine')
        expect(end).toBe(0); // the host lives on and scores again
      else expect([0, 'SIGKILL']).toContain(end);
      if (end === 'SIGKILL' || host.failures > 0) report[victim]++;
      else report.early++; // it had ended before
      await gone(host.engines);
      await labelsIntact(folder, host);
      const runs = await onlyWholeRuns(folder);
      if (host.run !== null) expect(runs).toContain(host.run);

      // the next start goes on to the same result, and leaves nothing behind
      await mkdir(path.join(ownScratch(), LEFT_BEHIND), { recursive: true });
      const next = new Host(folder, runs);
      expect(await next.done).toBe(0);
      expect(await resultOf(next.run!)).toEqual(expected);
      await gone(next.engines);
      await labelsIntact(folder, next);
      expect(await readdir(ownScratch())).toEqual([]);
      expect(await leftIn(folder)).toEqual([]);
      report.labels += host.saved.length;
      await rm(folder, { recursive: true });
    }
    if (process.env.MUSC_KILL_POINTS) console.log(`kill points: ${JSON.stringify(report)}, seed ${SEED}`);
    expect(report.engine + report.host + report.both + report.early).toBe(POINTS);
  }, 3_600_000);
});
