// JSON schemas of our documents, made from the zod schemas that read them: the editor checks what the code checks.
// `node build/schema.mjs` writes dist/schemas/*.schema.json; build.mjs may call buildSchemas itself.
import { build } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENTRY = `
import { z } from 'zod';
import { runFile, labelsFile } from './run-file';
import { benchFile } from './bench-file';
const schema = (title, s) => ({ ...z.toJSONSchema(s, { io: 'input', unrepresentable: 'any', target: 'draft-7' }), title });
export const schemas = {
  'run.schema.json': schema('A run of MuSc Inspector', runFile),
  'labels.schema.json': schema('Labels of MuSc Inspector', labelsFile),
  'bench.schema.json': schema('A benchmark of MuSc Inspector', benchFile),
};`;

/** Writes the schemas into `out` and returns their paths. */
export async function buildSchemas(out = path.join(root, 'dist/schemas')) {
  const outfile = path.join(root, '.cache/schemas.mjs');
  await build({
    stdin: { contents: ENTRY, resolveDir: path.join(root, 'extension/protocol'), loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  const { schemas } = await import(`${pathToFileURL(outfile).href}?${Date.now()}`);
  await mkdir(out, { recursive: true });
  const files = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const file = path.join(out, name);
    await writeFile(file, `${JSON.stringify(schema)}\n`);
    files.push(file);
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const file of await buildSchemas()) console.log(file);
