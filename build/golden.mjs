// npm run golden -- DIR [--only a,b]: checks every fixture folder under DIR against the product's own code.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import path from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const suites = (await readdir(path.join(root, 'test/golden')))
  .filter((f) => f.endsWith('.ts') && f !== 'run.ts' && f !== 'suite.ts')
  .sort();
const entry = [
  `import { runGolden } from './run';`,
  ...suites.map((f, i) => `import { suite as s${i} } from './${f.replace(/\.ts$/, '')}';`),
  `process.exitCode = await runGolden(process.argv.slice(2), [${suites.map((_, i) => `s${i}`).join(', ')}]);`,
].join('\n');
const outfile = path.join(root, '.cache/golden.mjs');
if (existsSync(path.join(root, 'build/kernel.mjs'))) await import('./kernel.mjs').then((m) => m.buildKernel?.());
await build({
  stdin: { contents: entry, resolveDir: path.join(root, 'test/golden'), loader: 'ts' },
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['onnxruntime-node', 'sharp', 'esbuild'],
  logLevel: 'warning',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
await import(pathToFileURL(outfile).href);
