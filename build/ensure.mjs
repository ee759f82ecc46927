// Puts everything a fresh clone lacks in place: npm packages, and Debian packages where tests need them and apt is there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs `npm ci` unless node_modules was made from this very lockfile. */
export function ensurePackages() {
  const stamp = path.join(root, 'node_modules/.musc-lock');
  const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing npm packages...');
  execFileSync('npm', ['ci'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  writeFileSync(stamp, lock);
}

/** Debian packages by a file that shows they are there. */
const DEBIAN = {
  chromium: '/usr/bin/chromium', // browser tests of the panel and of the editor
  'libkrb5-dev': '/usr/include/krb5.h', // code-server builds a native module against it
  'build-essential': '/usr/bin/g++',
  python3: '/usr/bin/python3',
  procps: '/bin/ps', // tests in the editor look for engines
};

/** Installs what is missing where we may; returns what is still missing. */
export function ensureDebian() {
  const missing = () =>
    Object.entries(DEBIAN)
      .filter(([, file]) => !existsSync(file))
      .map(([name]) => name);
  const wanted = missing();
  const may = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (wanted.length > 0 && may) {
    console.error(`Installing Debian packages: ${wanted.join(' ')}`);
    const options = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted], options);
  }
  return missing();
}
