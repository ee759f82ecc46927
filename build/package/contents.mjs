// What a package holds of the repository, and what its file is called.
import { readdirSync } from 'node:fs';

/** What goes in beside the translations. */
const FILES = [
  'dist',
  'extension/api.d.ts', // of the API for other extensions, which the README links to
  'l10n',
  'media/activity.svg',
  'media/icon.png',
  'media/walkthrough',
  'models/registry.json',
  'models/embedded/entry.json',
  'models/embedded/musc-embedded.onnx',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'THIRD_PARTY_NOTICES.md',
  'sbom.cdx.json',
  '.vscodeignore',
];

/** What goes in, and nothing else; all of it must be there. The texts of package.json come in as many languages as there are files. */
export const packageFiles = (root) => [
  ...FILES,
  'package.nls.json',
  ...readdirSync(root).filter((name) => /^package\.nls\..+\.json$/.test(name)),
];

/** The file of the package that this manifest makes for a target. */
export const packageName = ({ name, version }, target) => `${name}-${target}-${version}.vsix`;
