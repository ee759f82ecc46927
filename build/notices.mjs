// node build/notices.mjs [--check]: THIRD_PARTY_NOTICES.md and sbom.cdx.json (CycloneDX 1.5) of what the packages hold, from
// package-lock.json and the licence files of the installed packages. The same lock gives the same bytes; --check only compares.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { TARGETS } from './package/modules.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file) => readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n').trim();
const manifest = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json')).packages;

/** Needed when ONNX Runtime is installed, by nobody who has a package. */
const INSTALL_ONLY = new Set(['adm-zip', 'global-agent']);
/** Types only: nothing of it is in a bundle. */
const TYPES = /^@types\//;
/** Of sharp's binaries, those that our packages hold. */
const shipped = (name) =>
  Object.keys(TARGETS).some((t) => name === `@img/sharp-${t}` || name === `@img/sharp-libvips-${t}`);

/** Names of everything that is in a package: what the product depends on, and what that depends on. */
function collect() {
  const found = new Map();
  const visit = (name, optional) => {
    if (found.has(name) || INSTALL_ONLY.has(name) || TYPES.test(name)) return;
    if (optional && !shipped(name)) return;
    const entry = lock[`node_modules/${name}`];
    if (entry === undefined) {
      if (optional) return;
      throw new Error(`package-lock.json has no ${name}`);
    }
    const needs = Object.keys(entry.dependencies ?? {});
    const may = Object.keys(entry.optionalDependencies ?? {});
    found.set(name, { ...entry, name, needs: [...needs, ...may] });
    needs.forEach((n) => visit(n, false));
    may.forEach((n) => visit(n, true));
  };
  Object.keys(manifest.dependencies).forEach((n) => visit(n, false));
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const MIT = (holder) =>
  `MIT License\n\nCopyright (c) ${holder}\n\n` +
  read('node_modules/zod/LICENSE').replace(/^[\s\S]*?(?=Permission is hereby granted)/, '');
const apache = () => read('node_modules/sharp/LICENSE');
const bsd3 = (holder) => read('node_modules/lit/LICENSE').replace(/Copyright \(c\)[^\n]*/, `Copyright (c) ${holder}`);

/** Licences of packages that come without a file of them. */
const WITHOUT_FILE = {
  'onnxruntime-node': () => MIT('Microsoft Corporation'),
  'onnxruntime-common': () => MIT('Microsoft Corporation'),
  '@vscode/l10n': () => MIT('Microsoft Corporation'),
  '@lit-labs/ssr-dom-shim': () => bsd3('2022 Google LLC. All rights reserved.'),
  '@bufbuild/protobuf': () =>
    `${apache()}\n\nThe reading and writing of varints is derived from Protocol Buffers:\n\n${bsd3('2008 Google Inc. All rights reserved.')}`,
};

/** The licence text of a package. Throws where there is none: then somebody has to look. */
function textOf({ name, license }) {
  if (name.startsWith('@img/sharp-libvips-')) return libvips();
  if (name.startsWith('@img/sharp-')) return license.includes('LGPL') ? `${apache()}\n\n${libvips()}` : apache();
  const folder = `node_modules/${name}`;
  const files = existsSync(path.join(root, folder))
    ? readdirSync(path.join(root, folder)).filter((f) => /^(licen[cs]e|notice|copying)/i.test(f))
    : [];
  if (files.length > 0)
    return files
      .sort()
      .map((f) => read(`${folder}/${f}`))
      .join('\n\n');
  const own = WITHOUT_FILE[name];
  if (own === undefined)
    throw new Error(`${name} (${license}) has no licence file: say in build/notices.mjs what its licence is`);
  return own();
}

/** What libvips' binaries are made of, as their own page says; the same on every platform. */
function libvips() {
  const folder = path.join(root, 'node_modules/@img');
  const one =
    readdirSync(folder).find((f) => f.startsWith('sharp-libvips-')) ??
    readdirSync(folder).find((f) => /^sharp-win32/.test(f));
  const page = read(`node_modules/@img/${one}/README.md`);
  const table = page.slice(page.indexOf('This software contains'), page.indexOf('Please report')).trim();
  return `${table}\n\nThe library is loaded as a file of its own and may be replaced by another build of it. Its sources: https://github.com/lovell/sharp-libvips`;
}

function notices(components) {
  // packages under the same words are named together
  const byText = new Map();
  for (const component of components) {
    const text = textOf(component);
    byText.set(text, [...(byText.get(text) ?? []), component]);
  }
  const fence = (text) => `\`\`\`\`text\n${text}\n\`\`\`\``;
  const sections = [...byText].map(
    ([text, list]) =>
      `## ${list.map((c) => `${c.name} ${c.version}`).join(', ')}\n\nLicence: ${list[0].license}\n\n${fence(text)}`,
  );
  const full = ['LGPL-3.0', 'GPL-3.0', 'MPL-1.1'].map((id) => `## ${id}\n\n${fence(read(`build/licences/${id}.txt`))}`);
  return `${[
    '# Third-party notices',
    'What the packages of MuSc Inspector hold besides its own code. Made by `node build/notices.mjs` from package-lock.json: do not edit.',
    'ONNX Runtime is itself made with other software, listed in `ThirdPartyNotices.txt` of https://github.com/microsoft/onnxruntime.\n' +
      "The colour map turbo is a fit by A. Mikhailov and R. Du (Google, Apache-2.0) and viridis one by M. Zucker of matplotlib's table (CC0).\n" +
      'The embedded backbone was made by this project and has its licence. Other backbones are downloaded on request, each under its own licence, which is shown before.',
    ...sections,
    '# Full texts named above',
    ...full,
  ].join('\n\n')}\n`;
}

const purl = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

function sbom(components) {
  const list = components.map((c) => ({
    type: 'library',
    'bom-ref': purl(c),
    ...(c.name.includes('/') ? { group: c.name.split('/')[0] } : {}),
    name: c.name.split('/').at(-1),
    version: c.version,
    scope: 'required',
    hashes: [{ alg: 'SHA-512', content: Buffer.from(c.integrity.replace('sha512-', ''), 'base64').toString('hex') }],
    licenses: /[ (]/.test(c.license) ? [{ expression: c.license }] : [{ license: { id: c.license } }],
    purl: purl(c),
  }));
  const own = `pkg:npm/${manifest.name}@${manifest.version}`;
  const refs = new Map(components.map((c) => [c.name, purl(c)]));
  const known = (names) =>
    names
      .filter((n) => refs.has(n))
      .map((n) => refs.get(n))
      .sort();
  const backbone = {
    type: 'machine-learning-model',
    'bom-ref': 'musc-embedded',
    name: 'musc-embedded',
    licenses: [{ license: { id: 'MIT' } }],
  };
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': own,
        name: manifest.name,
        version: manifest.version,
        licenses: [{ license: { id: manifest.license } }],
        purl: own,
      },
    },
    components: [...list, backbone],
    dependencies: [
      { ref: own, dependsOn: [...known(Object.keys(manifest.dependencies)), 'musc-embedded'] },
      ...components.map((c) => ({ ref: purl(c), dependsOn: known(c.needs) })),
      { ref: 'musc-embedded', dependsOn: [] },
    ],
  };
  // a name for exactly this content, as a UUID of version 8: no clock and no dice
  const h = createHash('sha256').update(JSON.stringify(document)).digest('hex');
  const uuid = `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`;
  const { bomFormat, specVersion, ...rest } = document;
  return `${JSON.stringify({ bomFormat, specVersion, serialNumber: `urn:uuid:${uuid}`, ...rest }, null, 2)}\n`;
}

const components = collect();
const files = { 'THIRD_PARTY_NOTICES.md': notices(components), 'sbom.cdx.json': sbom(components) };
for (const [file, text] of Object.entries(files)) {
  const target = path.join(root, file);
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error(`${file} is not up to date: run node build/notices.mjs and commit it`);
    process.exitCode = 1;
  }
}
console.log(`${components.length} components`);
