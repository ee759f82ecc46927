// npm start [-- FOLDER [options]]: installs, builds, makes the sample data set where no folder is given, scores it, says what to do next.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensurePackages, root } from './ensure.mjs';

ensurePackages();
process.env.MALLOC_ARENA_MAX ??= '1'; // see docs/speed.md
const node = (...args) =>
  spawnSync(process.execPath, args, { cwd: process.env.INIT_CWD ?? process.cwd(), stdio: 'inherit' }).status ?? 1;
const cli = path.join(root, 'dist/cli.js');
console.error('Building...');
if (node(path.join(root, 'build/build.mjs')) !== 0) process.exit(1);

let [folder, ...options] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-')) {
  options = folder === undefined ? [] : [folder, ...options];
  folder = path.join(root, 'out/sample');
  if (!existsSync(path.join(folder, 'test'))) {
    console.error('Making the sample data set...');
    if (node(cli, 'sample', folder) !== 0) process.exit(1);
  }
}
const status = node(cli, 'score', folder, ...options);
if (status === 0 && !options.includes('--json'))
  console.log(`
To look at it in VS Code: npm run package, then "Extensions: Install from VSIX..." with the file for your system,
open the folder, and open the run from the MuSc view in the activity bar.`);
process.exit(status);
