// Tests that run inside the extension host of the same workbench, through the interface that @vscode/test-electron uses.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { EditorServer, PATIENCE } from './editor.mjs';
import { productFolder } from './pictures.mjs';

const folder = fileURLToPath(new URL('./in-host', import.meta.url));
/** The last line of an entry of test/e2e/in-host: without it the host crashed, whatever its exit code says. */
const SENTINEL = /MUSC-IN-HOST (\d+) passed, (\d+) failed/;

const built = path.join(folder, '../../../out/in-host');
/** Each has a window of its own. */
const ENTRIES = [
  ['cold.cjs', 'in a window that is still starting'],
  ['rest.cjs', 'in a window that comes to rest'],
  ['index.cjs', 'in the extension host'],
];

/** Runs the in-host suites on the installed package; `report(name, error?)` gets one line for each window. */
export async function runInHost({ vsix, report }) {
  await buildSuites();
  for (const [entry, name] of ENTRIES) await runWindow({ vsix, report, name, tests: path.join(built, entry) });
}

/** One window, of a server that has opened none before: it remembers no runs, which it would list. */
async function runWindow({ vsix, report, name, tests }) {
  const server = await EditorServer.start({ vsix, args: ['--vscode-option', 'enable-smoke-test-driver'] });
  const workspace = mkdtempSync(path.join(os.tmpdir(), 'musc-workspace-'));
  try {
    await productFolder(path.join(workspace, 'discs'), { count: 19 });
    const output = await drive(server, workspace, tests);
    for (const line of output.split('\n')) if (line.startsWith('REPORT ')) console.log(`       ${line.slice(7)}`);
    const [, passed, failed] = SENTINEL.exec(output) ?? [];
    if (passed === undefined) return report(name, new Error(`it never ended:\n${output.slice(-3000)}`));
    const good = Number(passed) > 0 && Number(failed) === 0;
    report(`${name}: ${passed} tests`, good ? undefined : new Error(output.slice(-5000)));
  } catch (error) {
    report(name, error);
  } finally {
    await server.close();
    rmSync(workspace, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Bundles the suites, which the host loads as CommonJS, and returns the path of their index. */
export async function buildSuites() {
  await build({
    entryPoints: readdirSync(folder)
      .filter((file) => /^(index|cold|rest)\.ts$|\.suite\.ts$/.test(file))
      .map((file) => path.join(folder, file)),
    outdir: built,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return path.join(built, 'index.cjs');
}

/** Opens a window that runs the tests, and returns what they print. */
async function drive(server, workspace, tests) {
  const page = await server.context.newPage();
  let output = '';
  const ended = new Promise((resolve) => {
    void page.exposeFunction('codeAutomationLog', (type, args) => {
      output += `${(Array.isArray(args) ? args : [args]).join(' ')}\n`;
    });
    void page.exposeFunction('codeAutomationExit', () => resolve());
  });
  const authority = new URL(server.url).host;
  const remote = (file) => `vscode-remote://${authority}${file}`;
  const payload = JSON.stringify([
    ['extensionDevelopmentPath', remote(path.join(folder, 'probe'))],
    ['extensionTestsPath', remote(tests)],
  ]);
  await page.goto(`${server.url}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(payload)}`, {
    timeout: PATIENCE,
  });
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 8 * PATIENCE).unref())]);
  await page.close();
  return output;
}
