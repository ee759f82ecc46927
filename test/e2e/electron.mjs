// The same in-host tests in a VS Code downloaded by @vscode/test-electron: for machines with internet.
//   node test/e2e/electron.mjs --vsix FILE
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { cacheFolder } from './cache.mjs';
import { buildSuites } from './in-host.mjs';
import { productFolder } from './pictures.mjs';

const { values } = parseArgs({ options: { vsix: { type: 'string' } } });
if (!values.vsix) throw new Error('name the package: --vsix FILE (npm run package makes one)');
const folder = fileURLToPath(new URL('./in-host', import.meta.url));
const home = mkdtempSync(path.join(os.tmpdir(), 'musc-electron-'));
try {
  const vscodeExecutablePath = await downloadAndUnzipVSCode({ cachePath: path.join(cacheFolder(), 'vscode') });
  const profile = [`--user-data-dir=${path.join(home, 'data')}`, `--extensions-dir=${path.join(home, 'extensions')}`];
  const [cli] = resolveCliArgsFromVSCodeExecutablePath(vscodeExecutablePath);
  execFileSync(cli, [...profile, '--install-extension', path.resolve(values.vsix)], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const workspace = path.join(home, 'workspace');
  await productFolder(path.join(workspace, 'discs'), { count: 19 });
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: path.join(folder, 'probe'),
    extensionTestsPath: await buildSuites(),
    launchArgs: [workspace, ...profile, '--disable-workspace-trust'],
  });
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
