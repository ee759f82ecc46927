// Compiles the scoring kernel (AssemblyScript) and embeds it in extension/core/scoring/kernel/wasm.ts, so that it runs alike from
// source and from the bundle. Does nothing where the sources have not changed.
// node build/kernel.mjs [--check]
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = fileURLToPath(new URL('../extension/core/scoring/kernel/', import.meta.url));
const target = path.join(folder, 'wasm.ts');
const OPTIONS = ['-O3', '--noAssert', '--converge', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];

/** Hash of everything that decides the compiled bytes, but for the compiler. */
export async function kernelSourceHash() {
  const hash = createHash('sha256').update(OPTIONS.join(' '));
  for (const [name, text] of await sources()) hash.update(`\n${name}\n${text}`);
  return hash.digest('hex');
}

async function sources() {
  const names = (await readdir(folder)).filter((f) => f.endsWith('.as.ts')).sort();
  return Promise.all(
    names.map(async (name) => [name, (await readFile(path.join(folder, name), 'utf8')).replace(/\r\n/g, '\n')]),
  );
}

/** Compiles and returns the module's bytes. */
export async function compileKernel() {
  const { default: asc } = await import('assemblyscript/asc');
  const files = new Map(await sources());
  let binary;
  const { error, stderr } = await asc.main(['kernel.as.ts', '--outFile', 'kernel.wasm', ...OPTIONS], {
    readFile: (name) => files.get(name.replace(/^\.\//, '')) ?? null,
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents;
    },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`the scoring kernel does not compile: ${stderr.toString() || error}`);
  return binary;
}

/** Brings wasm.ts up to date. */
export async function buildKernel() {
  if (await kernelIsCurrent()) return false;
  const hash = await kernelSourceHash();
  const base64 = Buffer.from(await compileKernel()).toString('base64');
  const lines = base64.match(/.{1,110}/g).map((line) => `  '${line}',`);
  const text = [
    '// Made by build/kernel.mjs from the .as.ts files beside it; not to be edited.',
    `export const KERNEL_SOURCE = '${hash}';`,
    'export const KERNEL_WASM = [',
    ...lines,
    "].join('');",
    '',
  ].join('\n');
  await writeFile(`${target}.${process.pid}`, text);
  await rename(`${target}.${process.pid}`, target);
  return true;
}

/** Whether wasm.ts is that of the sources as they are. */
export async function kernelIsCurrent() {
  return (await readFile(target, 'utf8').catch(() => '')).includes(await kernelSourceHash());
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const current = process.argv.includes('--check') ? await kernelIsCurrent() : !(await buildKernel());
  if (process.argv.includes('--check') && !current) process.exitCode = 1;
  console.log(
    current ? 'kernel is up to date' : process.exitCode ? 'kernel is not that of its sources' : 'kernel compiled',
  );
}
