import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { throwIfAborted } from '../errors';
import { byCodeUnit, some } from './names';

/** What lies directly in a folder: names in code-unit order, hidden ones left out. */
export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Those of `files` and `folders` that are symbolic links to something else below the border, which is found at its own place. */
  readonly links: ReadonlySet<string>;
}

const EMPTY: Listing = { files: [], folders: [], links: new Set() };

/** Hidden, or put there by an archiver or a file server. `.musc` is ours. */
const skipped = (name: string) => name.startsWith('.') || name === '__MACOSX' || name === '@eaDir';

/** Whether a path, all links followed, is `border` or below it. Both absolute. */
export function isInside(border: string, target: string): boolean {
  const relative = path.relative(border, target);
  return relative === '' || (relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative));
}

/**
 * Lists folders below a border, remembering each: layouts are tried one after the other on the same folders. Symbolic links
 * that lead out of the border, and those that lead nowhere, are left out and told of.
 */
export class FolderReader {
  private readonly known = new Map<string, Promise<Listing>>();
  private readonly outside: string[] = [];
  private readonly unreadable: string[] = [];
  private realBorder: Promise<string> | undefined;

  /** `border` is absolute; links in it are followed. */
  constructor(
    readonly border: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** A folder's content; empty where it is missing or can't be read. Throws CANCELLED. */
  list(folder: string): Promise<Listing> {
    const listing = this.known.get(folder) ?? this.read(folder);
    this.known.set(folder, listing);
    return listing;
  }

  private async read(folder: string): Promise<Listing> {
    throwIfAborted(this.signal);
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') this.unreadable.push(this.name(folder));
      return null;
    });
    if (entries === null) return EMPTY;
    const [files, folders, links]: [string[], string[], Set<string>] = [[], [], new Set()];
    for (const entry of entries) {
      if (skipped(entry.name)) continue;
      const target = entry.isSymbolicLink() ? await this.follow(path.join(folder, entry.name)) : null;
      const kind = entry.isSymbolicLink() ? target?.kind : entry;
      if (!kind) continue;
      if (target && !(target.hidden && kind.isFile())) links.add(entry.name);
      if (kind.isDirectory()) folders.push(entry.name);
      else if (kind.isFile()) files.push(entry.name);
    }
    return { files: files.sort(byCodeUnit), folders: folders.sort(byCodeUnit), links };
  }

  /**
   * What a link leads to, or null where that is out of the border or nowhere (also a link to itself). `hidden`: to where nobody looks,
   * as in data sets under version control, whose files are links into its store.
   */
  private async follow(link: string) {
    this.realBorder ??= realpath(this.border);
    try {
      const target = await realpath(link);
      const border = await this.realBorder;
      const hidden = path.relative(border, target).split(path.sep).some(skipped);
      if (isInside(border, target)) return { kind: await stat(target), hidden };
    } catch {
      // dangling or circular: told of like one that leads out
    }
    this.outside.push(this.name(link));
    return null;
  }

  private name(target: string): string {
    return path.relative(this.border, target).split(path.sep).join('/') || '.';
  }

  /** Number of links left out. */
  get leftOut(): number {
    return this.outside.length;
  }

  /** What was left out, in sentences. */
  notes(): string[] {
    const [outside, unreadable] = [this.outside, this.unreadable].map((names) => names.sort(byCodeUnit));
    return [
      ...(outside.length ? [outsideNote(outside)] : []),
      ...(unreadable.length ? [unreadableNote(unreadable)] : []),
    ];
  }
}

const outsideNote = (links: readonly string[]): string =>
  links.length === 1
    ? l10n.t('1 symbolic link out of the folder or to nothing, not followed: {0}.', some(links))
    : l10n.t('{0} symbolic links out of the folder or to nothing, not followed: {1}.', links.length, some(links));

const unreadableNote = (folders: readonly string[]): string =>
  folders.length === 1
    ? l10n.t('1 folder could not be read: {0}.', some(folders))
    : l10n.t('{0} folders could not be read: {1}.', folders.length, some(folders));
