import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';

const root = path.resolve(__dirname, '../../..');
/** What no clone has. */
const MADE = new Set(['.git', '.cache', 'node_modules', 'dist', 'out']);

/** A folder for a product that is run: outside the repository, and not among temporary files, from where some machines run no program. */
export async function folderToRunIn(name: string): Promise<string> {
  const { cacheFolder } = (await import(path.join(root, 'test/e2e/cache.mjs'))) as { cacheFolder(): string };
  await mkdir(cacheFolder(), { recursive: true });
  return mkdtemp(path.join(cacheFolder(), `${name}-`));
}

/** Copies the sources to `clone` as another clone would have them, all written now. Packaging here would disturb who uses dist/. */
export async function cloneTo(clone: string): Promise<void> {
  await cp(root, clone, { recursive: true, filter: (file) => !MADE.has(path.relative(root, file)) });
  await symlink(path.join(root, 'node_modules'), path.join(clone, 'node_modules'), 'junction');
}

/** Packages a clone for this machine. Returns the path of the VSIX. */
export async function packageOf(clone: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  execFileSync(process.execPath, [path.join(clone, 'build/package.mjs')], {
    cwd: clone,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const out = path.join(clone, 'out');
  const [name, ...more] = (await readdir(out)).filter((file) => file.endsWith('.vsix'));
  if (name === undefined || more.length > 0) throw new Error(`not one package: ${[name, ...more].join(', ')}`);
  return path.join(out, name);
}

/** Packages the product and unpacks it below `work`. Returns the folder of the extension, as VS Code would have it. */
export async function unpackedProduct(work: string): Promise<string> {
  const clone = path.join(work, 'clone');
  await cloneTo(clone);
  const { unzip } = (await import(path.join(root, 'build/package/zip.mjs'))) as {
    unzip(archive: string, folder: string): void;
  };
  unzip(await packageOf(clone), path.join(work, 'product'));
  return path.join(work, 'product', 'extension');
}
