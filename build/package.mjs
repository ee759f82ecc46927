// npm run package [-- --target linux-x64,win32-x64 | all] [--out DIR] [--no-build]: one VSIX per target, from a whitelist, checked.
// Two runs over the same sources give the same bytes.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkPackage } from './package/check.mjs';
import { packageFiles, packageName } from './package/contents.mjs';
import { stageModules, TARGETS } from './package/modules.mjs';
import { packagedReadme } from './package/readme.mjs';
import { readZip, writeZip } from './package/zip.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Megabytes a VSIX may have. Promised for linux-x64; others carry larger ONNX Runtime libraries. */
const LIMIT = { 'linux-x64': 30 };

const { values: options } = parseArgs({
  options: {
    target: { type: 'string', default: `${process.platform}-${process.arch}` },
    out: { type: 'string', default: path.join(root, 'out') },
    'no-build': { type: 'boolean', default: false },
    dist: { type: 'string', default: path.join(root, 'dist') }, // built elsewhere, for trying
  },
});
const targets = options.target === 'all' ? Object.keys(TARGETS) : options.target.split(',');
for (const target of targets)
  if (!Object.hasOwn(TARGETS, target))
    throw new Error(`no package for ${target}: there are ${Object.keys(TARGETS).join(', ')}`);

if (!options['no-build'])
  execFileSync(process.execPath, [path.join(root, 'build/build.mjs'), '--production'], { cwd: root, stdio: 'inherit' });
mkdirSync(options.out, { recursive: true });
for (const target of targets) await packageFor(target);

/** Stages, packs and checks one target. */
async function packageFor(target) {
  const stage = mkdtempSync(path.join(os.tmpdir(), `musc-package-${target}-`));
  try {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    for (const file of packageFiles(root)) {
      const from = file === 'dist' ? options.dist : path.join(root, file);
      if (!existsSync(from)) throw new Error(`nothing to package: ${from} is missing`);
      cpSync(from, path.join(stage, file), {
        recursive: true,
        filter: (f) => !f.endsWith('.map') && !f.includes('/dist/node_modules'),
      });
    }
    writeFileSync(path.join(stage, 'README.md'), packagedReadme(readFileSync(path.join(root, 'README.md'), 'utf8')));
    // the bundles hold the dependencies but the native ones, which lie beside them where node looks first
    stageModules({ root, target, into: path.join(stage, 'dist', 'node_modules') });
    const { scripts: _s, devDependencies: _d, dependencies: _p, private: _v, bin: _b, ...rest } = manifest;
    writeFileSync(path.join(stage, 'package.json'), JSON.stringify(rest, null, 2));
    const vsix = path.resolve(options.out, packageName(manifest, target));
    const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
    const args = [
      'package',
      '--target',
      target,
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '--skip-license',
      '--out',
      vsix,
    ];
    execFileSync(process.execPath, [vsce, ...args], {
      cwd: stage,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    writeZip(vsix, [...readZip(vsix)]); // smaller, and free of clocks and of the order that files were found in
    const modules = await checkPackage({ vsix, target, esbuild: path.join(root, 'node_modules/esbuild/lib/main.js') });
    const megabytes = statSync(vsix).size / 1e6;
    if (megabytes > (LIMIT[target] ?? Infinity))
      throw new Error(`${vsix} has ${megabytes.toFixed(1)} MB, more than ${LIMIT[target]}`);
    console.log(
      `${path.relative(process.cwd(), vsix)}: ${megabytes.toFixed(1)} MB, complete (${modules} modules resolved)`,
    );
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
