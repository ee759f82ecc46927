// npm run fuzz [-- --smoke] [--only a,b] [--seed N] [--at I] [--count N]: mutated inputs for every parser of ours, each
// parser in a process of its own that is watched: a hang, a crash or an exhausted memory is a finding, not the end.
import { fork } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = path.join(root, '.cache', 'fuzz');
/** How often a parser that shows no sign of life is looked at, ms. */
const SILENCE = 20_000;
/** It hangs where it used so much of the processor meanwhile, s: 500 inputs take less than one. */
const HANG = 30;
/** Where nobody tells what it used: looks without a sign of life. */
const PATIENCE = 15;
/** Memory of a parser's process, MiB. */
const HEAP = 512;

const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string' },
    at: { type: 'string' }, // one input alone, to look at a finding again
    count: { type: 'string' },
  },
});
const smoke = values.smoke;
// the smoke run repeats: what it finds, everybody finds
const seed = values.seed === undefined ? (smoke ? 1 : Math.floor(Math.random() * 2 ** 31)) : Number(values.seed);
const limits = (slow) => {
  if (values.at !== undefined) return { first: Number(values.at), count: 1, milliseconds: 0, atLeast: 1 };
  if (smoke) return { first: 0, count: slow ? 500 : 5000, milliseconds: 1000, atLeast: 100 };
  return {
    first: 0,
    count: Number(values.count ?? 1_000_000),
    milliseconds: 0,
    atLeast: Number(values.count ?? 1_000_000),
  };
};

mkdirSync(work, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: { main: 'test/fuzz/main.ts' },
  outdir: work,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  external: ['sharp', 'onnxruntime-node', 'vscode'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

/** A process that fuzzes; `next` resolves with its next message, or with how it died. */
function start() {
  const child = fork(path.join(work, 'main.mjs'), [], {
    cwd: root,
    // a large nursery: inputs live for a moment, and a third of the time went into collecting them
    execArgv: ['--enable-source-maps', `--max-old-space-size=${HEAP}`, '--max-semi-space-size=64'],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  if (!smoke) os.setPriority(child.pid, Math.max(15, os.getPriority())); // never above what started it
  const messages = [];
  let stderr = '';
  let wake = () => undefined;
  const put = (message) => {
    messages.push(message);
    wake();
  };
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr = (stderr + text).slice(-4000)));
  child.on('message', put);
  child.on('exit', (code, signal) => put({ type: 'died', what: `${signal ?? `exit code ${code}`}\n${stderr}` }));
  const next = async () => {
    let timer;
    while (messages.length === 0)
      await new Promise((resolve) => {
        wake = resolve;
        const since = processorSeconds(child.pid);
        let looks = 0;
        timer = setInterval(() => {
          const used = processorSeconds(child.pid) - since;
          if (Number.isNaN(used) ? ++looks < PATIENCE : used < HANG) return; // a busy machine is no hang
          put({ type: 'died', what: `no sign of life after ${Math.round(used) || SILENCE / 1000} s` });
          child.kill('SIGKILL');
        }, SILENCE);
      }).finally(() => clearInterval(timer));
    return messages.shift();
  };
  return { child, next };
}

/** Seconds of processor that a process has used; NaN where the system does not say. */
function processorSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return NaN;
  }
}

async function fuzz(worker, { name, slow }) {
  const crash = path.join(work, `finding-${name}`);
  worker.child.send({ target: name, seed, crash, ...limits(slow) });
  let last = { done: 0, peak: 0, outcomes: {}, milliseconds: 0 };
  for (;;) {
    const message = await worker.next();
    if (message.type === 'beat') last = message;
    else return { ...last, ...message, crash };
  }
}

const percent = (part, whole) => `${whole > 0 ? Math.round((100 * part) / whole) : 0} %`;

let worker = start();
const ready = await worker.next();
if (ready.type !== 'ready') throw new Error(`the fuzzers do not start: ${ready.what}`);
const asked = values.only?.split(',');
const unknown = asked?.filter((name) => !ready.targets.some((t) => t.name === name)) ?? [];
if (unknown.length > 0)
  throw new Error(`no parser ${unknown.join(', ')}: there are ${ready.targets.map((t) => t.name).join(', ')}`);
let [passed, failed] = [0, 0];
for (const target of ready.targets.filter((t) => asked?.includes(t.name) ?? true)) {
  const result = await fuzz(worker, target);
  const ok = result.type === 'end' && result.done > 0;
  if (ok) passed++;
  else failed++;
  const accepted = result.outcomes.accepted ?? 0;
  const figures = `${result.done} executions, ${percent(accepted, result.done)} accepted, ${(result.milliseconds / 1000).toFixed(1)} s, at most ${Math.round(result.peak / 2 ** 20)} MiB, seed ${seed}`;
  console.log(`${ok ? 'ok ' : 'BAD'} ${target.name}: ${figures}`);
  if (!ok) {
    console.log(`    ${String(result.what).replaceAll('\n', '\n    ')}`);
    if (result.at !== undefined)
      console.log(
        `    again: npm run fuzz -- --only ${target.name} --seed ${seed} --at ${result.at} (input in ${path.relative(root, result.crash)})`,
      );
    else console.log(`    near input ${result.done}: npm run fuzz -- --only ${target.name} --seed ${seed}`);
  }
  if (result.type === 'died') {
    worker = start();
    await worker.next();
  }
}
worker.child.disconnect();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
