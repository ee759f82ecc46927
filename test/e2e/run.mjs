// Tests in a real VS Code workbench, on the packaged extension, through its user interface.
//   node test/e2e/run.mjs [--vsix FILE] [--only TEXT] [--pictures DIR]
// Without --vsix the package of this platform is made first. Ends with "N passed, N failed"; what there was no time for has failed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packageName } from '../../build/package/contents.mjs';
import { cacheFolder, installEditor, NO_EDITOR } from './cache.mjs';
import { EditorServer, PATIENCE } from './editor.mjs';
import { runInHost } from './in-host.mjs';
import { engines, until } from './steps.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: { vsix: { type: 'string' }, only: { type: 'string' }, pictures: { type: 'string' } },
});

const DAY = 24 * 3600_000; // ms

installOrLeave();
sweepCache();
const vsix = options.vsix ?? packageExtension();
const pictures = options.pictures ?? path.join(root, 'out', 'e2e');
mkdirSync(pictures, { recursive: true });
/** A workbench in a browser is slow now and then: a case fails when it fails so many times. Every failure is told. */
const TRIES = 3;
/** Cases that have not begun by then (ms; tries that failed don't count) are not run, and fail: the whole must end, however slow the machine is. */
const LIMIT = 15 * PATIENCE;
/** How long the engines of a window that was closed may take to end by themselves, ms: the host of one that hangs may live for hours. */
const ENDING = 30_000;
const results = { passed: 0, failed: 0 };
const began = Date.now();
let lost = 0; // time that tries which failed took, ms
for (const suite of await loadSuites()) {
  const cases = suite.cases.filter(({ name }) => !options.only || `${suite.title}: ${name}`.includes(options.only));
  if (cases.length > 0)
    await runSuite(suite, cases).catch((error) => report(`${suite.title}: around its cases`, error));
}
if (!options.only) await runInHost({ vsix, report });
console.log(`\n${results.passed} passed, ${results.failed} failed (${Math.round((Date.now() - began) / 1000)} s)`);
process.exit(results.failed > 0 ? 1 : 0);

function installOrLeave() {
  try {
    installEditor();
  } catch (error) {
    console.log(`The tests in a real editor are not run: ${String(error.message ?? error).split('\n')[0]}`);
    console.log('\n0 passed, 0 failed');
    process.exit(NO_EDITOR);
  }
}

/** Removes folders that killed tests left in the cache: nobody runs anything from one for a day. */
function sweepCache() {
  const left = readdirSync(cacheFolder()).filter((name) => /^(extensions|kills)-/.test(name));
  for (const folder of left.map((name) => path.join(cacheFolder(), name))) {
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Infinity); // another run may sweep, too
    if (age > DAY) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function report(name, error) {
  results[error ? 'failed' : 'passed']++;
  console.log(`${error ? 'FAILED' : 'ok    '} ${name}`);
  if (error) console.log(String(error.stack ?? error).replace(/^/gm, '    '));
}

/** Ends a server when the tests are ended from outside; returns what takes that back. */
function endWith(server) {
  const end = () => {
    server.kill();
    server.remove();
    process.exit(130); // the browser ends with its pipe
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, end);
  };
}

/** The cases of a suite in one window; a new one after a failure. */
async function runSuite({ title, server: wishes, prepare }, cases) {
  const server = await EditorServer.start({ vsix, ...wishes });
  const release = endWith(server);
  const workspace = mkdtempSync(path.join(os.tmpdir(), 'musc-workspace-'));
  let editor;
  /** One try of a case; the error, with a picture of the window, where it failed. The next try or case gets a new window then. */
  const attempt = async (name, run, time) => {
    const started = Date.now();
    try {
      editor ??= await server.open(target);
      await run({ server, editor, workspace });
      report(`${title}: ${name} (${((Date.now() - started) / 1000).toFixed(0)} s)`);
      return undefined;
    } catch (error) {
      const shot = path.join(pictures, `${`${title}-${name}`.replace(/[^a-z0-9]+/gi, '-')}-${time}.png`);
      await editor?.page.screenshot({ path: shot }).catch(() => undefined);
      await editor?.close().catch(() => undefined);
      editor = undefined;
      lost = Math.min(LIMIT, lost + Date.now() - started); // however much fails, the whole ends
      return Object.assign(error, { stack: `${error.stack}\nwindow: ${shot}` });
    }
  };
  let target = workspace;
  try {
    target = (await prepare?.(workspace)) ?? workspace;
    for (const { name, run } of cases) {
      if (Date.now() - began - lost > LIMIT) {
        report(`${title}: ${name}`, `not run: ${LIMIT / 60_000} minutes are over`);
        continue;
      }
      let failure;
      for (let time = 1; time <= TRIES; time++) {
        failure = await attempt(name, run, time);
        if (!failure) break;
        if (time < TRIES) console.log(`again  ${title}: ${name}\n${String(failure.stack).replace(/^/gm, '       ')}`);
        try {
          await forgetRuns(server, workspace); // the next try finds what the first one found
        } catch (error) {
          failure.stack += `\nand no other try: ${error.message}`;
          break;
        }
      }
      if (failure) {
        report(`${title}: ${name}`, failure);
        continue;
      }
      await editor.tidy().catch(async () => {
        await editor.close().catch(() => undefined);
        editor = undefined; // the next case gets a new window
      });
    }
  } finally {
    await server.close();
    release();
    rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Removes what scoring left in the folders of a workspace, once the engines of the window that was closed write no more. */
async function forgetRuns(server, workspace) {
  const ended = () => engines(server, { ofRuns: true }).length === 0;
  await until(ended, 'the engines ended with their window', ENDING).catch(() => {
    for (const pid of engines(server, { ofRuns: true })) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it has ended by itself
      }
    }
  });
  for (const entry of readdirSync(workspace, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory() && entry.name === '.musc')
      rmSync(path.join(entry.parentPath, entry.name), { recursive: true, force: true, maxRetries: 5 });
}

async function loadSuites() {
  const folder = new URL('./cases/', import.meta.url);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .sort();
  return Promise.all(files.map(async (file) => (await import(new URL(file, folder))).default));
}

function packageExtension() {
  const out = path.join(root, 'out');
  execFileSync(process.execPath, [path.join(root, 'build/package.mjs'), '--out', out], { stdio: 'inherit' });
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return path.join(out, packageName(manifest, `${process.platform}-${process.arch}`));
}
