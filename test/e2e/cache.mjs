// What the tests in a real editor need, kept between runs in a folder outside the tree: node 24 and code-server
// (VS Code's own server and workbench), and a Chromium.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Installed with their scripts, which build native parts: about two minutes and 700 MB, once. */
const NODE = 'node@24';
const CODE_SERVER = 'code-server@4.139.1';
const PACKAGES = ['chromium', 'libkrb5-dev', 'build-essential', 'python3', 'pkg-config', 'libnode-dev'];
const CHROMIUMS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Longest that one of them may take to install, ms. */
const INSTALL_LIMIT = 10 * 60_000;
/** Exit code of the tests where the editor could not be installed. */
export const NO_EDITOR = 3;

export const cacheFolder = () =>
  path.resolve(process.env.MUSC_TEST_CACHE ?? path.join(os.homedir(), '.cache', 'musc-inspector-tests'));

/** Path of a Chromium, or undefined. MUSC_CHROMIUM names another. */
export const findChromium = () => [process.env.MUSC_CHROMIUM, ...CHROMIUMS].find((file) => file && existsSync(file));

const has = (command) => {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Installs Debian packages where that is possible; elsewhere says what is missing. */
function installSystemPackages() {
  const missing = findChromium() === undefined || !has('cc') || !has('python3') || !existsSync('/usr/include/gssapi.h');
  if (!missing) return;
  const root = typeof process.getuid === 'function' && process.getuid() === 0;
  if (!root || !has('apt-get'))
    throw new Error(
      `The tests in a real editor need ${PACKAGES.join(', ')} (names of Debian packages). Install them, or set MUSC_CHROMIUM to a Chromium and run again.`,
    );
  console.log('Installing what the editor is tested with:', PACKAGES.join(', '));
  const apt = (...args) =>
    execFileSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update');
  for (const name of PACKAGES) {
    try {
      apt('install', '-y', '--no-install-recommends', name);
    } catch {
      console.warn(`${name} could not be installed; going on without it`);
    }
  }
  if (findChromium() === undefined)
    throw new Error('No Chromium was found after the installation. Set MUSC_CHROMIUM to one.');
}

/** Makes sure everything is there. Returns the server's path, the environment to start it in, and a Chromium. */
export function installEditor() {
  installSystemPackages();
  const cache = cacheFolder();
  const serverFolder = path.join(cache, 'code-server');
  mkdirSync(serverFolder, { recursive: true });
  for (const folder of [cache, serverFolder])
    if (!existsSync(path.join(folder, 'package.json')))
      writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  // the project's own .npmrc reaches child processes through the environment: scripts must run here
  const install = (cwd, name, env) =>
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts=false', name], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
      timeout: INSTALL_LIMIT,
    });
  const nodeBin = path.join(cache, 'node_modules/node/bin');
  if (!existsSync(path.join(nodeBin, 'node'))) install(cache, NODE, process.env);
  const env = { ...process.env, PATH: `${nodeBin}${path.delimiter}${process.env.PATH}` };
  delete env.npm_config_user_agent; // names the node that runs `npm test`, and code-server asks it which one it is installed with
  const server = path.join(serverFolder, 'node_modules/.bin/code-server');
  const done = path.join(serverFolder, `.installed-${CODE_SERVER}`); // written last: an install cut off starts over
  if (!existsSync(server) || !existsSync(done)) {
    console.log(`Installing ${CODE_SERVER} into ${serverFolder}: about two minutes, once.`);
    const headers = existsSync('/usr/include/node/node.h') ? { npm_config_nodedir: '/usr' } : {};
    install(serverFolder, CODE_SERVER, { ...env, ...headers });
    writeFileSync(done, '');
  }
  return { server, env, chromium: findChromium() };
}
