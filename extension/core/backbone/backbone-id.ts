import path from 'node:path';

/** What an id of a backbone may look like: it is a folder's name. */
export const BACKBONE_ID = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** The id of a network file that nobody named: its own name, as far as an id takes it. */
export const backboneIdOf = (file: string): string =>
  path
    .basename(file)
    .replace(/\.\w+$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 100) || 'backbone';
