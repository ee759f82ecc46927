import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { cloneTo } from './packaged';

const root = path.resolve(__dirname, '../../..');
const { required } = (await import(path.join(root, 'build/package/check.mjs'))) as {
  required(target: string): string[];
};
const { packageFiles, packageName } = (await import(path.join(root, 'build/package/contents.mjs'))) as {
  packageFiles(root: string): string[];
  packageName(manifest: { name: string; version: string }, target: string): string;
};
const { packagedReadme } = (await import(path.join(root, 'build/package/readme.mjs'))) as {
  packagedReadme(text: string): string;
};
const { readZip, writeZip } = (await import(path.join(root, 'build/package/zip.mjs'))) as {
  readZip(archive: string): Iterable<[string, Buffer]>;
  writeZip(archive: string, files: [string, Buffer][]): void;
};
const work = mkdtempSync(path.join(os.tmpdir(), 'musc-contents-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('a package', () => {
  it.each([
    ['linux-x64', 'libonnxruntime.so.1'],
    ['linux-arm64', 'libonnxruntime.so.1'],
    ['darwin-arm64', 'libonnxruntime.1.dylib'],
    ['win32-x64', 'onnxruntime.dll'],
  ])('of %s must hold the network, both panels, the schemas, the texts and %s', (target, runtime) => {
    const names = required(target);
    expect(names).toEqual(
      expect.arrayContaining([
        'models/embedded/musc-embedded.onnx',
        'dist/webview/panel.js',
        'dist/webview/bench.js',
        'dist/schemas/run.schema.json',
        'l10n/bundle.l10n.json',
        'extension/api.d.ts',
        expect.stringMatching(`/${target.split('-')[0]}/${target.split('-')[1]}/${runtime}$`),
      ]),
    );
    const native = names.filter((name) => name.includes('/onnxruntime-node/bin/'));
    for (const name of native) statSync(path.join(root, name.replace('dist/node_modules', 'node_modules')));
  });

  it('holds every file that package.json names', () => {
    const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
    const named = [...manifest.matchAll(/"\.\/(dist\/schemas\/[\w.]+)"/g)].map(([, file]) => file);
    expect(named).toHaveLength(3);
    expect(required('linux-x64')).toEqual(expect.arrayContaining(named));
  });

  it('has a README that the page of an extension can show: no pictures or links of files, nothing for developers', () => {
    const text =
      'A [b](c.md), [d](https://e), [f](#g).\n\n![h](i.webp)\n\n<!-- repository -->\n\nnpm\n\n<!-- /repository -->\n\nJ\n';
    expect(packagedReadme(text)).toBe('A b, [d](https://e), [f](#g).\n\nJ\n');
    const whole = readFileSync(path.join(root, 'README.md'), 'utf8');
    const shown = packagedReadme(whole);
    expect(whole).toMatch(/npm start/);
    expect(shown).not.toMatch(/!\[|\]\((?!https:|#)|npm |<!--|docs\/|CONTRIBUTING/);
    expect(shown).toContain('Score This Folder');
  });

  it('and the README of the repository names only files that are there', () => {
    const text = readFileSync(path.join(root, 'README.md'), 'utf8');
    const files = [...text.matchAll(/\]\((?!\w+:|#)([^)]+)\)/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) statSync(path.join(root, file));
  });

  it('holds the texts of the manifest in every language that there is', () => {
    const folder = mkdtempSync(path.join(work, 'texts-'));
    for (const name of ['package.json', 'package.nls.json', 'package.nls.pt-br.json', 'package.nls.de.json'])
      writeFileSync(path.join(folder, name), '{}');
    const texts = packageFiles(folder).filter((file) => file.startsWith('package'));
    expect(texts.sort()).toEqual(['package.nls.de.json', 'package.nls.json', 'package.nls.pt-br.json']);
    expect(packageFiles(root)).toEqual(expect.arrayContaining(['dist', 'l10n', 'package.nls.json', '.vscodeignore']));
  });

  it('is called after its version: one of another version beside it is not taken for it', () => {
    expect(packageName({ name: 'musc', version: '0.2.0' }, 'linux-x64')).toBe('musc-linux-x64-0.2.0.vsix');
    const taker = readFileSync(path.join(root, 'test/e2e/run.mjs'), 'utf8');
    expect(taker).toContain('path.join(out, packageName(manifest,');
  });

  it('is not made where a file of it is missing', async () => {
    const clone = path.join(work, 'clone');
    await cloneTo(clone);
    rmSync(path.join(clone, 'THIRD_PARTY_NOTICES.md'));
    const args = ['build/package.mjs', '--no-build', '--dist', path.join(clone, 'media')];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: clone, encoding: 'utf8' });
    expect(stderr).toMatch(/nothing to package: .*THIRD_PARTY_NOTICES\.md is missing/);
    expect(status).not.toBe(0);
  });
});

it('an archive is as small as the best of several deflates, and gives back what went in', () => {
  const binary = readFileSync(path.join(root, 'models/embedded/musc-embedded.onnx')).subarray(0, 200_000);
  const text = readFileSync(path.join(root, 'THIRD_PARTY_NOTICES.md'));
  const archive = path.join(work, 'a.zip');
  writeZip(archive, [
    ['b', text],
    ['a', binary],
  ]);
  expect([...readZip(archive)].map(([name, content]) => [name, content.equals(name === 'a' ? binary : text)])).toEqual([
    ['a', true],
    ['b', true],
  ]);
  const plain = [binary, text].reduce((sum, file) => sum + deflateRawSync(file, { level: 9, memLevel: 9 }).length, 0);
  expect(statSync(archive).size).toBeLessThanOrEqual(plain + 300); // headers
});
