import { rename } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { labelsFile, type Label } from '../../protocol/run-file';
import { MuscError, toMuscError } from '../errors';
import { readRegularFile } from '../regular-file';
import { safeParse } from '../safe-parse';
import { sweepTemporaries, syncFolder, writeAtomic } from './atomic-write';
import { withLock } from './file-lock';
import { mergeLabels, type LabelConflict, type LabelEntry, type LabelRecord } from './merge-labels';
import { MUSC_FOLDER, muscFolder } from './run-folder';
import { complaints, NewerFile, parseVersioned } from './run-format';

const LABELS_VERSION = 1;
/** A million labels take 150 MB: more is no label file of ours. */
const MAX_LABELS_BYTES = 256 * 2 ** 20;

export const labelsPath = (folder: string): string => path.join(folder, MUSC_FOLDER, 'labels.json');

/** One decision to store. */
export interface LabelChange {
  /** Picture path relative to the folder that holds `.musc`, forward slashes. */
  readonly path: string;
  readonly label: Label | null;
  /** ISO 8601 time of the decision. */
  readonly at: string;
  /** What the editor had read before; if the file says otherwise by now, two people decided. */
  readonly before?: LabelEntry;
}

export interface SavedLabels {
  readonly labels: LabelRecord;
  readonly conflicts: readonly LabelConflict[];
  /** Where a damaged label file was put, if there was one. */
  readonly setAside: string | null;
}

/**
 * Labels of a folder; none yet: empty. Throws FILE_INVALID for a damaged file or one of a newer version (nothing is
 * changed: `saveLabels` keeps a damaged one aside).
 */
export async function readLabels(folder: string): Promise<LabelRecord> {
  const file = labelsPath(folder);
  let text: string;
  try {
    text = (await readRegularFile(file, MAX_LABELS_BYTES)).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw toMuscError(error, file);
  }
  return parseLabels(text, file);
}

/** Parses the text of a label file. Throws FILE_INVALID. */
export function parseLabels(text: string, where: string): LabelRecord {
  const hint = l10n.t('restore it from a backup, or save labels again: the damaged file is kept');
  const checked = safeParse(labelsFile, parseVersioned(text, 'musc-labels', LABELS_VERSION, where, hint));
  if (!checked.success)
    throw new MuscError('FILE_INVALID', l10n.t('not a valid label file: {0}', complaints(checked.error)), {
      where,
      hint,
    });
  return checked.data.labels;
}

/** The text of a label file: one line a picture, sorted, so that two of them compare well. */
export function formatLabels(labels: LabelRecord): string {
  const rows = Object.keys(labels)
    .sort()
    .map((p) => `\n${JSON.stringify(p)}:${JSON.stringify(labels[p])}`);
  return `{"format":"musc-labels","version":${LABELS_VERSION},"labels":{${rows.join(',')}\n}}\n`;
}

/**
 * Stores decisions into the folder's label file: locked, read again, merged by picture, written whole. Two windows or
 * processes at once lose nothing; what both decided differently comes back as conflicts. A damaged file is renamed, never
 * overwritten. Throws FILE_INVALID (newer version), BUSY, DISK_FULL, FOLDER_READ_ONLY, CANCELLED.
 */
export async function saveLabels(
  folder: string,
  changes: readonly LabelChange[],
  signal?: AbortSignal,
): Promise<SavedLabels> {
  const file = labelsPath(folder);
  await muscFolder(folder);
  return withLock(
    `${file}.lock`,
    async () => {
      await sweepTemporaries(file);
      const { theirs, setAside } = await readForWriting(folder);
      const entries = (of: (c: LabelChange) => LabelEntry | undefined): LabelRecord =>
        Object.fromEntries(changes.flatMap((c) => (of(c) ? [[c.path, of(c) as LabelEntry]] : [])));
      const base = { ...theirs, ...entries((c) => c.before) };
      const mine = { ...theirs, ...entries(({ label, at }) => ({ label, at })) };
      for (const c of changes) if (!c.before) delete base[c.path];
      const { labels, conflicts } = mergeLabels(base, mine, theirs);
      await writeAtomic(file, formatLabels(labels));
      return { labels, conflicts, setAside };
    },
    signal,
  );
}

/**
 * Merges the labels of one folder into those of another that holds the same pictures; the first folder's file stays. Of two
 * decisions on a picture the later is kept, and a conflict reported if they differ. Throws as `readLabels` and `saveLabels`.
 */
export async function carryLabels(from: string, to: string): Promise<Omit<SavedLabels, 'labels'>> {
  const changes = path.resolve(from) === path.resolve(to) ? [] : Object.entries(await readLabels(from));
  if (changes.length === 0) return { conflicts: [], setAside: null };
  return saveLabels(
    to,
    changes.map(([picture, { label, at }]) => ({ path: picture, label, at })),
  );
}

async function readForWriting(folder: string): Promise<{ theirs: LabelRecord; setAside: string | null }> {
  const file = labelsPath(folder);
  try {
    return { theirs: await readLabels(folder), setAside: null };
  } catch (error) {
    const damaged = error instanceof MuscError && error.code === 'FILE_INVALID' && !(error instanceof NewerFile);
    if (!damaged) throw error;
    const stamp = new Date().toISOString().replace(/[:.]/g, '-');
    const setAside = path.join(path.dirname(file), `labels.damaged-${stamp}-${process.pid}.json`);
    await rename(file, setAside);
    await syncFolder(path.dirname(file));
    return { theirs: {}, setAside };
  }
}
