import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneTo } from './packaged';

const root = path.resolve(__dirname, '../../..');
const { required, resolveBundles } = (await import(path.join(root, 'build/package/check.mjs'))) as {
  required(target: string): string[];
  resolveBundles(what: { extension: string; target: string; esbuild: string }): Promise<number>;
};
const { stageModules, TARGETS } = (await import(path.join(root, 'build/package/modules.mjs'))) as {
  stageModules(what: { root: string; target: string; into: string; fetch: (names: string[]) => string }): void;
  TARGETS: Readonly<Record<string, { os: string; cpu: string }>>;
};
const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked | undefined>;
};
interface Locked {
  readonly version: string;
  readonly integrity: string;
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const work = mkdtempSync(path.join(os.tmpdir(), 'musc-complete-'));
const clone = path.join(work, 'clone');
const modules = path.join(clone, 'dist/node_modules');
const HERE = `${process.platform}-${process.arch}`;

beforeAll(async () => {
  await cloneTo(clone);
  execFileSync(process.execPath, [path.join(clone, 'build/build.mjs'), '--production'], { cwd: clone });
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Puts the modules of a target beside the bundles, as a package has them. Returns which of them npm would have been asked for. */
function stage(target: string): readonly string[] {
  rmSync(modules, { recursive: true, force: true });
  let asked: readonly string[] = [];
  const fetch = (names: readonly string[]) => {
    asked = names;
    return standIns(names);
  };
  stageModules({ root: clone, target, into: modules, fetch });
  return asked;
}

/** Packages of sharp as they are laid out, without what only npm has: the binaries in them are empty. */
function standIns(names: readonly string[]): string {
  const folder = path.join(mkdtempSync(path.join(work, 'npm-')), 'node_modules');
  for (const specifier of names) {
    const [, name, version] = /^(.+)@(.+)$/.exec(specifier) ?? [];
    const binary = `./lib/${path.basename(name)}-${version}.node`;
    mkdirSync(path.join(folder, name, 'lib'), { recursive: true });
    const manifest = { name, version, exports: { './sharp.node': './index.cjs', './package': './package.json' } };
    writeFileSync(path.join(folder, name, 'package.json'), JSON.stringify(manifest));
    writeFileSync(path.join(folder, name, 'index.cjs'), `module.exports = require(${JSON.stringify(binary)});`);
    writeFileSync(path.join(folder, name, binary), '');
  }
  return folder;
}

const check = (target: string) =>
  resolveBundles({ extension: clone, target, esbuild: path.join(root, 'node_modules/esbuild/lib/main.js') });

/** The system and processor that a binary was made for, by its header. */
function madeFor(file: string): string {
  const bytes = readFileSync(file);
  const processor = (number: number, x64: number, arm64: number) =>
    number === x64 ? 'x64' : number === arm64 ? 'arm64' : `unknown ${number}`;
  if (bytes.readUInt32BE(0) === 0x7f454c46) return `linux-${processor(bytes.readUInt16LE(18), 62, 183)}`; // ELF: e_machine
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return `darwin-${processor(bytes.readUInt32LE(4), 0x01000007, 0x0100000c)}`; // Mach-O: cputype
  if (bytes.toString('latin1', 0, 2) === 'MZ')
    return `win32-${processor(bytes.readUInt16LE(bytes.readUInt32LE(60) + 4), 0x8664, 0xaa64)}`; // PE: Machine
  return 'unknown';
}

/** Libraries of ONNX Runtime that a binary names. */
const librariesOf = (file: string): string[] => [
  ...new Set(readFileSync(file, 'latin1').match(/(?:lib)?onnxruntime(?:\.\d+)*\.(?:dll|dylib|so(?:\.\d+)*)/g)),
];

describe.each(Object.entries(TARGETS))('the modules of %s', (target, { os: system, cpu }) => {
  let asked: readonly string[];
  beforeAll(() => void (asked = stage(target)));

  it('are all that its bundles lead to, and all that the package is checked for', async () => {
    await check(target);
    const native = required(target).filter((file) => file.startsWith('dist/node_modules/'));
    expect(native.length).toBeGreaterThan(3);
    expect(native.filter((file) => !existsSync(path.join(clone, file)))).toEqual([]);
  });

  it('have the binaries of ONNX Runtime that this platform asks for, and those of no other', () => {
    const runtime = path.join(modules, 'onnxruntime-node');
    const [, asks] =
      /require\(`\.\.\/([^`]+)`\)/.exec(readFileSync(path.join(runtime, 'dist/binding.js'), 'utf8')) ?? [];
    const binding = asks.replace('${process.platform}', system).replace('${process.arch}', cpu);
    const folder = path.join(runtime, path.dirname(binding));
    expect(librariesOf(path.join(runtime, binding))).not.toEqual([]);
    for (const library of librariesOf(path.join(runtime, binding))) expect(readdirSync(folder)).toContain(library);
    for (const file of readdirSync(folder))
      expect(`${file} ${madeFor(path.join(folder, file))}`).toBe(`${file} ${target}`);
    const others = readdirSync(path.join(runtime, 'bin'), { recursive: true, encoding: 'utf8' });
    expect(others.filter((file) => /\.\w+$/.test(file) && !path.join(runtime, 'bin', file).startsWith(folder))).toEqual(
      [],
    );
  });

  it('have the packages of sharp that npm delivers for it, in the versions of package-lock.json', () => {
    const names = readdirSync(path.join(modules, '@img')).map((name) => `@img/${name}`);
    const own = lock.packages[`node_modules/@img/sharp-${target}`];
    const binaries = [`@img/sharp-${target}`, ...Object.keys(own?.optionalDependencies ?? {})];
    expect(names.filter((name) => name.startsWith('@img/sharp-')).sort()).toEqual(binaries.sort());
    for (const name of binaries) {
      const { version } = JSON.parse(readFileSync(path.join(modules, name, 'package.json'), 'utf8')) as Locked;
      expect(lock.packages[`node_modules/${name}`]).toMatchObject({ version, os: [system], cpu: [cpu] });
      expect(lock.packages[`node_modules/${name}`]?.integrity).toMatch(/^sha512-/);
      if (target !== HERE) expect(asked).toContain(`${name}@${version}`);
    }
  });

  // `npm run package -- --target all` gets them from npm, and checks them then
  it.skipIf(target !== HERE)('have binaries of sharp for it (of other platforms only npm has them: not here)', () => {
    const images = path.join(modules, '@img');
    const binaries = readdirSync(images, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(node|dll|dylib|so(\.\d+)*)$/.test(file),
    );
    expect(binaries.length).toBeGreaterThan(0);
    for (const file of binaries) expect(`${file} ${madeFor(path.join(images, file))}`).toBe(`${file} ${target}`);
  });
});

describe('a package is refused', () => {
  beforeAll(() => void stage(HERE));

  it('without any one piece of the extension host, which is named', async () => {
    const host = path.join(clone, 'dist/host');
    const pieces = readdirSync(host);
    expect(pieces.length).toBeGreaterThan(10);
    for (const piece of pieces) {
      const away = path.join(work, piece);
      renameSync(path.join(host, piece), away);
      await expect(check(HERE), piece).rejects.toThrow(piece);
      renameSync(away, path.join(host, piece));
    }
    await check(HERE);
  });

  it('with a piece of the extension host that nothing was seen to load', async () => {
    const stray = path.join(clone, 'dist/host/stray.cjs');
    writeFileSync(stray, '');
    await expect(check(HERE)).rejects.toThrow('nothing in the package leads to dist/host/stray.cjs');
    rmSync(stray);
  });

  it('where a piece loads a package that is not in it', async () => {
    const piece = path.join(
      clone,
      'dist/host',
      readdirSync(path.join(clone, 'dist/host')).find((name) => name.startsWith('rooms-')) ?? '',
    );
    const code = readFileSync(piece, 'utf8');
    writeFileSync(piece, `${code}\nrequire("not-packaged");`);
    await expect(check(HERE)).rejects.toThrow('not-packaged');
    writeFileSync(piece, code);
  });

  it('without the binary of sharp', async () => {
    rmSync(path.join(modules, `@img/sharp-${HERE}`), { recursive: true });
    await expect(check(HERE)).rejects.toThrow(`@img/sharp-${HERE}/`);
  });
});
