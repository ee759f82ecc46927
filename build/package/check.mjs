// Whether a VSIX holds all that it loads: every import of every bundle is resolved inside the unpacked file.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { TARGETS } from './modules.mjs';
import { unzip } from './zip.mjs';

const HOST = 'dist/host';
/** Bundles that node loads, and the panel's. */
const ENTRIES = [`${HOST}/main.cjs`, 'dist/engine.js', 'dist/cli.js', 'dist/worker.js', 'dist/prepare-worker.js'];

/** Files that are read or shown, which no import leads to. */
const FILES = [
  'package.json',
  'package.nls.json',
  'l10n/bundle.l10n.json',
  'readme.md',
  'extension/api.d.ts',
  'media/icon.png',
  'media/activity.svg',
  'dist/webview/panel.js',
  'dist/webview/bench.js',
  'dist/schemas/run.schema.json',
  'dist/schemas/labels.schema.json',
  'dist/schemas/bench.schema.json',
  'models/registry.json',
  'models/embedded/entry.json',
  'models/embedded/musc-embedded.onnx',
];

/** Everything that a package of `target` must hold. */
export const required = (target) => [...ENTRIES, ...FILES, ...binaries(target)];

/** Throws, naming what is missing; returns how many modules were resolved. */
export async function checkPackage({ vsix, target, esbuild }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'musc-vsix-'));
  try {
    unzip(vsix, folder);
    const extension = path.join(folder, 'extension');
    for (const file of required(target))
      if (!existsSync(path.join(extension, file))) throw new Error(`${vsix} lacks ${file}`);
    const modules = await resolveBundles({ extension, target, esbuild });
    if (target === `${process.platform}-${process.arch}`) loadNative(extension);
    return modules;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files that are loaded by a computed name, which no bundler can follow. */
function binaries(target) {
  const { os: system, cpu } = TARGETS[target];
  const modules = 'dist/node_modules';
  const bin = `${modules}/onnxruntime-node/bin/napi-v6/${system}/${cpu}`;
  const runtime = {
    linux: ['libonnxruntime.so.1'],
    win32: ['onnxruntime.dll', 'DirectML.dll'],
    darwin: ['libonnxruntime.1.dylib'],
  };
  return [
    `${bin}/onnxruntime_binding.node`,
    ...runtime[system].map((file) => `${bin}/${file}`),
    `${modules}/@img/sharp-${target}/package.json`,
    `${modules}/@img/sharp-${target}/lib`,
    ...(system === 'win32' ? [] : [`${modules}/@img/sharp-libvips-${target}/lib`]),
  ];
}

/**
 * Lets the bundler follow every import from the bundles of an unpacked package, also through the modules beside them, as far as the
 * binary that sharp takes. Throws, naming what is missing; returns how many modules there are.
 */
export async function resolveBundles({ extension, target, esbuild }) {
  const { build } = await import(pathToFileURL(esbuild));
  const { metafile } = await build({
    absWorkingDir: extension,
    entryPoints: ENTRIES,
    // what sharp asks for in a way of its own
    stdin: {
      contents: `require('@img/sharp-${target}/sharp.node')`,
      resolveDir: path.join(extension, 'dist'),
      sourcefile: 'sharp',
    },
    bundle: true,
    write: false,
    outdir: 'unused',
    metafile: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    loader: { '.node': 'empty' },
    plugins: [piecesOfTheHost, withoutComputedNames],
    external: ['vscode', 'electron', ...builtinModules],
  }).catch((error) => {
    throw new Error(
      `the package does not hold what it loads:\n${error.errors?.map((e) => `${e.location?.file}: ${e.text}`).join('\n') ?? error}`,
    );
  });
  const loaded = Object.keys(metafile.inputs);
  const outside = loaded.filter((file) => file.startsWith('..'));
  if (outside.length > 0) throw new Error(`the package loads from outside itself: ${outside.join(', ')}`);
  const pieces = readdirSync(path.join(extension, HOST)).map((name) => `${HOST}/${name}`);
  const unread = pieces.filter((file) => !loaded.includes(file)); // a new way to load them, which `piecesOfTheHost` must learn
  if (unread.length > 0) throw new Error(`nothing in the package leads to ${unread.join(', ')}`);
  return loaded.length;
}

/**
 * The pieces of the extension host load each other through functions that the bundler takes for strangers (build/build.mjs,
 * `joinMain`): it gets the names that they load instead.
 */
const piecesOfTheHost = {
  name: 'pieces of the host',
  setup(build) {
    build.onLoad({ filter: /[\\/]dist[\\/]host[\\/][^\\/]+\.cjs$/ }, ({ path: file }) => {
      const loads = readFileSync(file, 'utf8').matchAll(/\b(?:require|piece|import)\(\s*(["'`])([^"'`$]+)\1\s*\)/g);
      const names = new Set([...loads].map(([, , name]) => name));
      return { contents: [...names].map((name) => `require(${JSON.stringify(name)});`).join('\n'), loader: 'js' };
    });
  },
};

/** `require` of a name made at run time leads to a binary of the platform, which `binaries` lists: nothing for the bundler to follow. */
const withoutComputedNames = {
  name: 'without computed names',
  setup(build) {
    build.onLoad({ filter: /node_modules[\\/].*\.[cm]?js$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replace(/require\(`[^`]*`\)/g, 'undefined'),
      loader: 'js',
    }));
  },
};

/** On its own platform, a package is tried: the native modules must load from where they lie. */
function loadNative(extension) {
  const modules = readdirSync(path.join(extension, 'dist/node_modules')).filter((name) =>
    ['sharp', 'onnxruntime-node'].includes(name),
  );
  const script = `for (const name of ${JSON.stringify(modules)}) await import(name);`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: path.join(extension, 'dist'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
