import { spawnSync } from 'node:child_process';
import { readFileSync, watch } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRuns } from '../../../extension/core/run/run-list';
import { readMaps } from '../../../extension/core/run/run-maps';
import { readRun } from '../../../extension/core/run/run-store';
import { Random } from '../../fuzz/random';
import { buildCommandLine, makePictures, score, SCORE, start } from './command-line';

/** Points at which a run is killed; MUSC_KILL_POINTS=50 for a long look. */
const POINTS = Number(process.env.MUSC_KILL_POINTS ?? 6);
const SEED = Number(process.env.MUSC_KILL_SEED ?? 1);

let script: string;
let remove: () => Promise<void>;
let work: string;
let pictures: string;
/** What an undisturbed run gives, and how long it takes, ms. */
let expected: { scores: [string, number][]; maps: Float32Array };
let duration: number;

async function resultOf(runPath: string) {
  const run = await readRun(runPath);
  return { scores: run.images.map((i): [string, number] => [i.path, i.score]), maps: await readMaps(runPath, run) };
}

const freshFolder = async (name: string): Promise<string> => {
  const folder = path.join(work, name);
  await cp(pictures, folder, { recursive: true });
  return folder;
};

/** Every run that can be seen is whole, and nothing is taken for a run that is none. Returns how many there are. */
async function onlyWholeRuns(folder: string): Promise<number> {
  const { runs, broken } = await listRuns(folder);
  expect(broken).toEqual([]);
  for (const { path: file } of runs) {
    const { maps, scores } = await resultOf(file);
    expect(scores).toEqual(expected.scores);
    expect(maps).toEqual(expected.maps);
  }
  return runs.length;
}

beforeAll(async () => {
  ({ script, remove } = await buildCommandLine());
  work = await mkdtemp(path.join(os.tmpdir(), 'musc-faults-'));
  pictures = path.join(work, 'pictures');
  await makePictures(pictures);
  const folder = await freshFolder('undisturbed');
  const started = performance.now();
  expected = await resultOf((await score(script, folder)).run);
  duration = performance.now() - started;
});
afterAll(async () => {
  await rm(work, { recursive: true, force: true });
  await remove();
});

describe('a run that is killed', () => {
  it(`at ${POINTS} points leaves no half run, and goes on to the same result`, async () => {
    const random = new Random(SEED);
    let folder = await freshFolder('killed');
    const report = { killed: 0, ended: 0, resumed: 0 };
    for (let point = 0; point < POINTS; point++) {
      const { child, done } = start(script, [...SCORE(folder), '--resume']);
      // half of the points by time, half by what happens on the disk, where the moments between two writes are
      if (point % 2 === 0) setTimeout(() => child.kill('SIGKILL'), random.below(duration * 1.05));
      else {
        let left = 1 + random.below(60);
        await mkdir(path.join(folder, '.musc'), { recursive: true });
        const watcher = watch(path.join(folder, '.musc'), { recursive: true }, () => {
          if (--left === 0) child.kill('SIGKILL');
        });
        watcher.on('error', () => undefined); // files come and go
        void done.then(() => watcher.close());
      }
      const { signal } = await done;
      if (signal === 'SIGKILL') report.killed++;
      else report.ended++;
      await onlyWholeRuns(folder);
      if (point % 3 !== 2) continue; // one run may be killed several times before it ends
      const summary = await score(script, folder, ['--resume']);
      expect(await resultOf(summary.run)).toEqual(expected);
      report.resumed++;
      await rm(folder, { recursive: true });
      folder = await freshFolder(`killed-${point}`);
    }
    if (process.env.MUSC_KILL_POINTS) console.log(`kill points: ${JSON.stringify(report)}, seed ${SEED}`);
    expect(report.killed + report.ended).toBe(POINTS);
  }, 3_600_000);

  it('leaves nothing that the next run of the folder does not clean up or use', async () => {
    const folder = await freshFolder('cleaned');
    const { child, done } = start(script, SCORE(folder));
    setTimeout(() => child.kill('SIGKILL'), duration * 0.6);
    await done;
    await score(script, folder);
    const left = (await readdir(path.join(folder, '.musc'), { recursive: true })).filter((name) =>
      /\.owner$|\.lock$/.test(name),
    );
    expect(left).toEqual([]);
  });
});

describe('two processes on one folder', () => {
  it('both give the result, in runs of their own', async () => {
    const folder = await freshFolder('shared');
    const both = await Promise.all([score(script, folder), score(script, folder, ['--resume'])]);
    expect(new Set(both.map((s) => s.run)).size).toBe(2);
    expect(await onlyWholeRuns(folder)).toBe(2);
  });
});

describe('pictures', () => {
  it('that are damaged, gone or no pictures are skipped with a reason; the others are scored', async () => {
    const folder = await freshFolder('skipped');
    const whole = await readFile(path.join(folder, '0.png'));
    await writeFile(path.join(folder, 'cut.png'), whole.subarray(0, whole.length >> 1));
    await writeFile(path.join(folder, 'text.jpg'), 'no picture');
    await writeFile(path.join(folder, 'empty.png'), '');
    const summary = await score(script, folder);
    expect(summary.skipped.map((s) => s.path).sort()).toEqual(['cut.png', 'empty.png', 'text.jpg']);
    for (const { reason } of summary.skipped) expect(reason).not.toBe('');
    expect(summary.ranking.map((r) => [r.path, r.score])).toHaveLength(expected.scores.length);
    expect((await resultOf(summary.run)).maps).toEqual(expected.maps);
  });

  it('replaced during a run never poison what is remembered', async () => {
    const folder = await freshFolder('replaced');
    const other = path.join(work, 'other');
    await makePictures(other, 8, 64, 2);
    const { child, done } = start(script, SCORE(folder));
    let stop = false;
    void done.then(() => (stop = true));
    for (let n = 0; !stop; n++) {
      const name = `${n % 8}.png`;
      // written beside and renamed, as programs that save pictures do
      await cp(path.join(n % 2 ? pictures : other, name), path.join(folder, 'next.tmp'));
      await rename(path.join(folder, 'next.tmp'), path.join(folder, name));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(child.exitCode).toBe(0); // skipped or scored, but not failed
    for (let i = 0; i < 8; i++) await cp(path.join(pictures, `${i}.png`), path.join(folder, `${i}.png`));
    expect((await resultOf((await score(script, folder)).run)).maps).toEqual(expected.maps);
  });
});

describe.skipIf(process.platform === 'win32')('pictures that cannot be opened', () => {
  it('any more during a run are skipped with a reason, or scored as they were; those that stay are scored', async () => {
    const folder = path.join(work, 'locked');
    await makePictures(folder, 40, 500); // large enough to be still reading when the first are read
    const { child, done } = start(script, SCORE(folder));
    const cache = path.join(folder, '.musc/cache/features');
    const began = async (): Promise<boolean> =>
      (await readdir(cache, { recursive: true }).catch(() => [])).some((name) => /[0-9a-f]{64}$/.test(name));
    while (!(await began())) await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGSTOP'); // on a fast machine it would have read them all meanwhile
    try {
      // every other one is gone, the others can be opened by nobody
      for (let i = 39; i >= 8; i--) {
        await rm(path.join(folder, `${i}.png`));
        if (i % 2) await symlink(`${i}.png`, path.join(folder, `${i}.png`));
      }
    } finally {
      child.kill('SIGCONT');
    }
    const { code, stdout, stderr } = await done;
    expect(stderr).not.toMatch(/musc: /);
    expect(code).toBe(0);
    const summary = JSON.parse(stdout) as { skipped: { path: string; reason: string }[]; ranking: { path: string }[] };
    expect(summary.skipped.length).toBeGreaterThan(0);
    for (const { reason } of summary.skipped) expect(reason).not.toBe('');
    expect(summary.skipped.length + summary.ranking.length).toBe(40);
    const scored = new Set(summary.ranking.map((r) => r.path));
    for (let i = 0; i < 8; i++) expect(scored).toContain(`${i}.png`);
  });
});

describe('a score run', () => {
  it('opens no connection and asks no name server', async () => {
    const folder = await freshFolder('private');
    const hook = path.join(work, 'no-network.cjs');
    const log = path.join(work, 'attempts.txt');
    await writeFile(hook, NO_NETWORK.replaceAll('LOG', JSON.stringify(log)));
    const caught = spawnSync(process.execPath, ['--require', hook, '--input-type=module', '-e', PROBE]);
    expect(caught.status, String(caught.stderr)).toBe(0); // the hook does catch
    await rm(log);
    const summary = await score(script, folder, [], ['--require', hook]);
    expect(readFileSync(log, 'utf8')).toBe('hooked\n'.repeat(readFileSync(log, 'utf8').split('\n').length - 1));
    expect((await resultOf(summary.run)).scores).toEqual(expected.scores);
  });

  it('writes below .musc and the scratch folder only', async () => {
    const folder = await freshFolder('written');
    const before = await listing(folder);
    await score(script, folder);
    const after = (await listing(folder)).filter((name) => name !== '.musc' && !name.startsWith(`.musc${path.sep}`));
    expect(after).toEqual(before);
    expect(await readFile(path.join(folder, '.musc/.gitignore'), 'utf8')).toBe('*\n');
  });

  it('refuses a folder that is missing and one that is a file, each in one line', async () => {
    for (const wrong of [path.join(work, 'nowhere'), path.join(pictures, '0.png')]) {
      const { code, stderr } = await start(script, SCORE(wrong)).done;
      expect(code).toBe(1);
      expect(stderr).toMatch(/^musc: FOLDER_NOT_FOUND: [^\n]+\n$/);
    }
    await expect(stat(path.join(work, 'nowhere'))).rejects.toThrow();
  });
});

const listing = async (folder: string): Promise<string[]> => (await readdir(folder, { recursive: true })).sort();

/** Tries every way that a bundle might take. */
const PROBE = `
import { connect } from 'node:net';
import https from 'node:https';
import { lookup } from 'node:dns/promises';
for (const way of [() => connect(1), () => https.get('https://x'), () => lookup('x'), () => fetch('http://127.0.0.1:1')]) {
  try { way(); } catch (error) { if (error.message === 'network') continue; }
  process.exit(1);
}`;

/** Loaded before everything else: every way out of the process throws, and is written down. */
const NO_NETWORK = `
const { appendFileSync } = require('node:fs');
appendFileSync(LOG, 'hooked\\n');
const forbid = (module, names) => {
  const target = require(module);
  for (const name of names)
    if (typeof target[name] === 'function')
      target[name] = () => {
        appendFileSync(LOG, module + '.' + name + ' ' + new Error().stack + '\\n');
        throw new Error('network');
      };
};
forbid('node:net', ['connect', 'createConnection']);
require('node:net').Socket.prototype.connect = function () {
  appendFileSync(LOG, 'Socket.connect\\n');
  throw new Error('network');
};
forbid('node:tls', ['connect']);
forbid('node:http', ['request', 'get']);
forbid('node:https', ['request', 'get']);
forbid('node:http2', ['connect']);
forbid('node:dgram', ['createSocket']);
forbid('node:dns', ['lookup', 'resolve', 'resolve4', 'resolve6']);
forbid('node:dns/promises', ['lookup', 'resolve', 'resolve4', 'resolve6']);
require('node:module').syncBuiltinESMExports();
globalThis.fetch = () => {
  appendFileSync(LOG, 'fetch\\n');
  throw new Error('network');
};
`;
