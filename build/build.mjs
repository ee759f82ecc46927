// npm run build: makes dist/ (the extension host, the engine, the command line, the panel).
import { build, transform } from 'esbuild';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernel } from './kernel.mjs';
import { buildSchemas } from './schema.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const production = process.argv.includes('--production');
/** Native modules stay outside the bundle; everything else is in it. */
const external = ['vscode', 'onnxruntime-node', 'sharp'];

const common = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: !production,
  minify: production,
  legalComments: 'none',
  preserveSymlinks: true, // names of shared parts are made from paths: where node_modules really lies must not count
  logLevel: 'warning',
  metafile: true,
};
const node = { ...common, platform: 'node', target: 'node20', external };
/** ESM bundles get a `require` for the CommonJS modules inside and beside them. */
const esm = {
  ...node,
  format: 'esm',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

/** What is built, by entry. An entry that does not exist yet is left out. */
const targets = [
  {
    ...esm,
    entryPoints: {
      cli: 'extension/engine/cli.ts',
      engine: 'extension/engine/engine.ts',
      worker: 'extension/core/scoring/worker.ts',
      'prepare-worker': 'extension/core/image/prepare-worker.ts',
    },
    outdir: 'dist',
    splitting: true, // what the engine and the command line share is there once
    chunkNames: '[name]-[hash]', // beside the entries: files are found relative to the module that asks
  },
  {
    ...common,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    entryPoints: { panel: 'webview/panel.ts', bench: 'webview/bench.ts' },
    outdir: 'dist/webview',
    loader: { '.ttf': 'file' },
  },
];

await buildKernel();
await rm(new URL('../dist', import.meta.url), { recursive: true, force: true });
for (const target of targets) {
  const entryPoints = Object.fromEntries(
    Object.entries(target.entryPoints).filter(([, file]) => existsSync(path.join(root, file))),
  );
  if (Object.keys(entryPoints).length > 0) await build({ ...target, entryPoints });
}
await buildHost();
await buildSchemas();

/**
 * The extension host's bundle: `main.cjs` is what waking up costs, what is imported later lies in files beside it. The bundler
 * cuts ES modules only, and the editor takes several times as long to load these as CommonJS (it resolves each in another
 * thread): so each piece is turned into CommonJS afterwards.
 */
async function buildHost() {
  const { outputFiles, metafile } = await build({
    ...node,
    format: 'esm',
    splitting: true,
    entryPoints: { main: 'extension/main.ts' },
    outdir: 'dist/host',
    outExtension: { '.js': '.cjs' },
    chunkNames: '[name]-[hash]',
    sourcemap: production ? false : 'inline',
    write: false,
    define: { 'import.meta.url': 'undefined' }, // CommonJS has __dirname instead
  });
  const pieces = new Map();
  for (const { path: file, text } of outputFiles) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: node.target,
      minify: production,
      sourcemap: production ? false : 'inline',
      supported: { 'dynamic-import': false },
    });
    pieces.set(path.basename(file), code);
  }
  const atOnce = neededAtOnce(metafile);
  if (production) joinMain(pieces, atOnce);
  await mkdir(path.join(root, 'dist/host'), { recursive: true });
  for (const [name, code] of pieces) await writeFile(path.join(root, 'dist/host', name), code);
}

/** Names of the pieces that waking up loads. Throws where the schemas' library is among them: it is most of what that would cost. */
function neededAtOnce({ outputs }) {
  const needed = new Set(['main.cjs']);
  for (const name of needed) {
    const { imports, inputs } = outputs[`dist/host/${name}`];
    const late = Object.keys(inputs).find((file) => /node_modules\/zod\//.test(file) && inputs[file].bytesInOutput > 0);
    if (late) throw new Error(`main.ts imports ${late}, by way of a schema: let load-rooms.ts load what needs it`);
    for (const { path: file, kind, external } of imports)
      if (kind === 'import-statement' && !external) needed.add(path.basename(file));
  }
  return [...needed];
}

/**
 * Puts the pieces that `main.cjs` needs at once into it: one file is read, resolved and compiled in half the time of five. Pieces
 * that are loaded later find the same modules there, and everybody asks the editor for a module once: it looks up each time who asks.
 */
function joinMain(pieces, inside) {
  const sources = inside.map((name) => `${JSON.stringify(`./${name}`)}(module,exports,require){${pieces.get(name)}}`);
  for (const [name, code] of pieces)
    pieces.set(
      name,
      inside.includes(name)
        ? `module.exports=require("./main.cjs").piece("./${name}");`
        : `((require)=>{${code}})(require("./main.cjs").piece);`,
    );
  pieces.set(
    'main.cjs',
    `const sources={${sources.join(',')}},made={},known={};
const piece=(name)=>{
if(!Object.hasOwn(sources,name))return known[name]??=require(name);
if(!made[name])sources[name](made[name]={exports:{}},made[name].exports,piece);
return made[name].exports};
module.exports={...piece("./main.cjs"),piece};
`,
  );
}
