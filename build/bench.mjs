// npm run bench [-- group,..] [--accept]: interleaved measurements with medians; a table, .cache/bench/latest.json and a history file.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './ensure.mjs';

const GROUPS = {
  kernel: ['kernel', 'benchKernel'],
  backbone: ['backbone', 'benchBackbone'],
  memory: ['memory', 'benchMemory'],
  metrics: ['metrics', 'benchMetrics'],
  'end-to-end': ['end-to-end', 'benchEndToEnd'],
  panel: ['panel', 'benchPanel'],
  why: ['why', 'benchWhy'],
  load: ['load', 'benchLoad'],
  gpu: ['gpu', 'benchGpu'],
};
/** Worse than the accepted figure by more than this factor is marked. */
const REGRESSION = 1.25;

if (process.env.MALLOC_ARENA_MAX === undefined) {
  const env = { ...process.env, MALLOC_ARENA_MAX: '1' }; // as the extension starts its engine: docs/speed.md
  process.exit(spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env }).status ?? 1);
}

const args = process.argv.slice(2);
const accept = args.includes('--accept');
const asked = args.filter((a) => !a.startsWith('--')).flatMap((a) => a.split(','));
const groups = asked.length > 0 ? asked : Object.keys(GROUPS);
for (const g of groups)
  if (!Object.hasOwn(GROUPS, g)) {
    console.error(`no group ${g}: ${Object.keys(GROUPS).join(', ')}`);
    process.exit(2);
  }

/** A fixed piece of arithmetic, timed in each run: times are compared with the accepted ones relative to it. */
function calibrate() {
  const times = [];
  for (let i = 0; i < 7; i++) {
    const a = new Float64Array(1 << 20).map((_, k) => Math.sin(k));
    const started = performance.now();
    let sum = 0;
    for (let r = 0; r < 20; r++) for (let k = 0; k < a.length; k++) sum += a[k] * a[(k * 7 + r) & (a.length - 1)];
    times.push(performance.now() - started + (sum > 1e300 ? 1 : 0));
  }
  return times.sort((x, y) => x - y)[3];
}

await import('./build.mjs');
const folder = path.join(root, '.cache/bench');
mkdirSync(folder, { recursive: true });
const rows = [];
const calibration = [calibrate()];
for (const group of groups) {
  const [file, name] = GROUPS[group];
  const outfile = path.join(root, '.cache', `bench-${file}.mjs`);
  await build({
    entryPoints: [path.join(root, `test/bench/${file}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['onnxruntime-node', 'sharp', 'esbuild', 'playwright-core'],
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  console.error(`\n--- ${group} ---`);
  rows.push(...(await (await import(pathToFileURL(outfile).href))[name]()));
  calibration.push(calibrate());
}

const loop = calibration.sort((a, b) => a - b)[Math.floor(calibration.length / 2)];
const acceptedFile = path.join(root, 'test/bench/accepted.json');
const accepted = existsSync(acceptedFile) ? JSON.parse(readFileSync(acceptedFile, 'utf8')) : { rows: [] };
const timed = (unit) => /^(ms|s|seconds)\b/.test(unit);
for (const row of rows) {
  const before = accepted.rows.find((r) => r.group === row.group && r.name === row.name);
  const change = before && timed(row.unit) ? row.value / loop / (before.value / before.calibration) : null;
  const ratio = row.ratio === undefined ? '' : `${row.ratio.toFixed(2)} x ${row.ratioTo}`;
  const against = change === null ? '' : `${change.toFixed(2)} x accepted${change > REGRESSION ? '  <-- slower' : ''}`;
  console.log(
    `${row.group.padEnd(11)} ${row.name.padEnd(58)} ${row.value.toPrecision(4).padStart(10)} ${row.unit.padEnd(10)} ${ratio.padEnd(30)} ${[against, row.note].filter(Boolean).join('  ')}`,
  );
}
const record = {
  at: new Date().toISOString(),
  machine: {
    cpu: cpus()[0].model,
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    node: process.version,
  },
  calibration: loop,
  rows,
};
writeFileSync(path.join(folder, 'latest.json'), `${JSON.stringify(record, null, 1)}\n`);
appendFileSync(path.join(folder, 'history.jsonl'), `${JSON.stringify(record)}\n`);
if (accept) {
  const kept = accepted.rows.filter((r) => !rows.some((n) => n.group === r.group && n.name === r.name));
  const now = rows.map((row) => ({ ...row, calibration: loop })); // each with its own run's, which the others do not have
  writeFileSync(acceptedFile, `${JSON.stringify({ rows: [...kept, ...now] }, null, 2)}\n`);
}
process.exit(0);
