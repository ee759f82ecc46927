// npm test [-- STAGE,..]: everything that must hold, in the order in which a mistake is cheapest to find.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { NO_EDITOR } from '../test/e2e/cache.mjs';
import { ensureDebian, ensurePackages, root } from './ensure.mjs';

const bin = (name) => path.join(root, 'node_modules', name);
const run = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0;

/** One plain line per runner, whatever the runner itself prints. */
const line = (name, passed, failed) => {
  console.log(`${name}: ${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
};
const one = (name, ok) => line(name, ok ? 1 : 0, ok ? 0 : 1);

function vitest(name, folder) {
  const report = path.join(root, '.cache', `vitest-${name}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const ok = run(
    bin('vitest/vitest.mjs'),
    'run',
    folder,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${report}`,
  );
  if (!existsSync(report)) return line(name, 0, 1);
  const r = JSON.parse(readFileSync(report, 'utf8'));
  const brokenFiles = r.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0).length;
  const failed = r.numFailedTests + brokenFiles;
  return line(name, r.numPassedTests, !ok && failed === 0 ? 1 : failed);
}

/**
 * The workbench tests. Where the editor can't be installed (no network, no compiler) they have failed, unless MUSC_TEST_SKIP_EDITOR
 * says that this machine is known to have none: nothing passes that nobody ran.
 */
function workbench() {
  const { status } = spawnSync(process.execPath, ['test/e2e/run.mjs'], { cwd: root, stdio: 'inherit' });
  if (status !== NO_EDITOR) return status === 0;
  if (process.env.MUSC_TEST_SKIP_EDITOR) return 'the editor could not be installed, and MUSC_TEST_SKIP_EDITOR is set';
  console.error(
    'e2e failed: the editor could not be installed. MUSC_TEST_SKIP_EDITOR=1 lets the other stages count alone.',
  );
  return false;
}

/** By name. A stage returns whether it passed, or why it could not be run. */
const STAGES = {
  lint: () =>
    one('eslint', run(bin('eslint/bin/eslint.js'), '.')) &
    one('prettier', run(bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.')),
  types: () => one('types', run(bin('typescript/bin/tsc'), '-p', '.')),
  build: () => one('build', run('build/build.mjs')),
  golden: () => run('build/golden.mjs', 'test/fixtures/golden'),
  unit: () => vitest('unit', 'test/unit'),
  integration: () => vitest('integration', 'test/integration'),
  fuzz: () => !existsSync(path.join(root, 'build/fuzz.mjs')) || run('build/fuzz.mjs', '--smoke'),
  e2e: workbench,
};

const named = process.argv.slice(2).flatMap((argument) => argument.split(','));
const asked = named.length > 0 ? named : Object.keys(STAGES);
const unknown = asked.filter((name) => !Object.hasOwn(STAGES, name));
if (unknown.length > 0) {
  console.error(`no stage ${unknown.join(', ')}: ${Object.keys(STAGES).join(', ')}`);
  process.exit(2);
}

ensurePackages();
const missing = ensureDebian();
if (missing.length > 0)
  console.error(`Not on this machine: ${missing.join(', ')}. Tests that need them will fail and say so.`);

const failed = [];
const notRun = [];
for (const name of asked) {
  const started = Date.now();
  console.log(`\n--- ${name} ---`);
  const outcome = STAGES[name]();
  if (typeof outcome === 'string') notRun.push(`${name} (${outcome})`);
  else if (!outcome) failed.push(name);
  console.log(`(${name} took ${Math.round((Date.now() - started) / 1000)} s)`);
}
const told = [
  `${asked.length - failed.length - notRun.length} passed`,
  `${failed.length} failed${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`,
  ...(notRun.length > 0 ? [`not run: ${notRun.join(', ')}`] : []),
];
console.log(`\nstages: ${told.join(', ')}`);
process.exit(failed.length > 0 ? 1 : 0);
