import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import sharp from 'sharp';
import { Random } from '../../fuzz/random';
import type { ScoreSummary } from '../../../extension/protocol/engine';

const root = path.resolve(__dirname, '../../..');

/** The command line, built for these tests alone below the repository, where it finds models and native modules. */
export async function buildCommandLine(): Promise<{ script: string; remove(): Promise<void> }> {
  const outdir = path.join(root, '.cache', `faults-${process.pid}`);
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'extension/engine/cli.ts', worker: 'extension/core/scoring/worker.ts' },
    outdir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['onnxruntime-node', 'sharp'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'silent',
  });
  return { script: path.join(outdir, 'cli.js'), remove: () => rm(outdir, { recursive: true, force: true }) };
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `musc ...`; `done` resolves when it has ended, however. `node`: options for node itself. */
export function start(
  script: string,
  args: readonly string[],
  node: readonly string[] = [],
): { child: ChildProcess; done: Promise<Finished> } {
  const child = spawn(process.execPath, [...node, script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const done = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, done };
}

/** Scores a folder small and fast; throws what it said where it failed. */
export async function score(
  script: string,
  folder: string,
  more: readonly string[] = [],
  node: readonly string[] = [],
) {
  const { stdout, stderr, code, signal } = await start(script, [...SCORE(folder), ...more], node).done;
  if (code !== 0) throw new Error(`score ended with ${code ?? signal}: ${stderr}`);
  return JSON.parse(stdout) as ScoreSummary;
}

/** Arguments of a run that takes a second or two. */
export const SCORE = (folder: string): string[] => [
  'score',
  folder,
  '--image-size',
  '64',
  '--device',
  'cpu',
  '--threads',
  '2',
  '--json',
];

/** Small pictures of coloured noise, the last with a bright block in it. */
export async function makePictures(folder: string, count = 8, side = 64, seed = 1): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i++) {
    const random = new Random(seed, i);
    const data = Uint8Array.from({ length: side * side * 3 }, (_, p) => 100 + (p % 3) * 20 + random.below(30));
    if (i === count - 1)
      for (let y = 10; y < 24; y++)
        for (let x = 10; x < 24; x++) data.fill(250, (y * side + x) * 3, (y * side + x) * 3 + 3);
    await sharp(data, { raw: { width: side, height: side, channels: 3 } })
      .png()
      .toFile(path.join(folder, `${i}.png`));
  }
}
