// The native modules of a package: what the bundles load at run time, of one platform only.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Targets of VS Code that ONNX Runtime and sharp have binaries for. */
export const TARGETS = {
  'linux-x64': { os: 'linux', cpu: 'x64' },
  'linux-arm64': { os: 'linux', cpu: 'arm64' },
  'win32-x64': { os: 'win32', cpu: 'x64' },
  'darwin-arm64': { os: 'darwin', cpu: 'arm64' },
};

/** Modules that stay outside the bundles (build/build.mjs, `external`). */
const NATIVE = ['onnxruntime-node', 'sharp'];
/** Needed by install scripts only, which nobody runs here. */
const INSTALL_ONLY = new Set(['adm-zip', 'global-agent']);
/** Sources, types and papers of packages: not loaded. Licences stay. */
const UNUSED =
  /(^|\/)(src|install|script|test|docs)(\/|$)|\.(map|md|ts|mts|cts|cc|h|gyp|exp|pdb)$|(^|\/)dist\/esm(\/|$)/i;

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/**
 * Copies the native modules and what they need, for `target`, into the folder `into`. `fetch` gets names with versions that are not
 * installed here, and returns a `node_modules` that has them, in a folder that is deleted afterwards.
 */
export function stageModules({ root, target, into, fetch = fetchPackages }) {
  const installed = path.join(root, 'node_modules');
  const names = new Set();
  const visit = (name) => {
    if (names.has(name) || INSTALL_ONLY.has(name)) return;
    names.add(name);
    Object.keys(readJson(path.join(installed, name, 'package.json')).dependencies ?? {}).forEach(visit);
  };
  NATIVE.forEach(visit);
  for (const name of names)
    cpSync(path.join(installed, name), path.join(into, name), {
      recursive: true,
      filter: (file) => wanted(path.relative(path.join(installed, name), file), name, target),
    });
  stageSharpBinaries({ installed, target, into, fetch });
}

function wanted(file, name, target) {
  const relative = file.split(path.sep).join('/');
  if (relative === '') return true;
  if (/(^|\/)node_modules(\/|$)/.test(relative)) return false;
  if (/^licen[cs]e/i.test(path.posix.basename(relative))) return true;
  if (UNUSED.test(`${relative}`) && !relative.startsWith('bin/')) return false;
  if (name === 'sharp' && relative.endsWith('.cjs')) return false; // it is there twice, and only ES modules import it
  if (name !== 'onnxruntime-node' || !relative.startsWith('bin/')) return true;
  const { os: system, cpu } = TARGETS[target];
  const [, , fileOs, fileCpu] = relative.split('/');
  return (fileOs === undefined || fileOs === system) && (fileCpu === undefined || fileCpu === cpu);
}

/** sharp's binaries are packages of their own: taken from here when this is the platform, else from npm, in sharp's pinned versions. */
function stageSharpBinaries({ installed, target, into, fetch }) {
  const optional = readJson(path.join(installed, 'sharp/package.json')).optionalDependencies;
  const packages = [`@img/sharp-${target}`, `@img/sharp-libvips-${target}`].filter((name) => optional[name]);
  const here = packages.every((name) => existsSync(path.join(installed, name)));
  const source = here ? installed : fetch(packages.map((name) => `${name}@${optional[name]}`));
  try {
    for (const name of packages)
      cpSync(path.join(source, name), path.join(into, name), {
        recursive: true,
        filter: (file) => !/\.(h|hpp|md)$/.test(file) && !/[\\/]include([\\/]|$)/.test(file),
      });
  } finally {
    if (!here) rmSync(path.dirname(source), { recursive: true, force: true });
  }
}

function fetchPackages(specifiers) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'musc-npm-'));
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(
    npm,
    // forced: npm refuses to install another platform's package by name, whatever --os and --cpu say
    [
      'install',
      '--force',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-save',
      '--loglevel=error',
      ...specifiers,
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
  );
  return path.join(folder, 'node_modules');
}
