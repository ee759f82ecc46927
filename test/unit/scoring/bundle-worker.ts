import { build } from 'esbuild';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Bundles a worker's entry (relative to the repository) as the product's build does; returns the script's path. */
export async function bundleWorker(entry = 'extension/core/scoring/worker.ts'): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: process.cwd(),
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['onnxruntime-node', 'sharp'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  const folder = path.resolve('.cache/workers');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${path.basename(entry, '.ts')}.mjs`);
  writeFileSync(`${file}.${process.pid}`, result.outputFiles[0].contents);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
