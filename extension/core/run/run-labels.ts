import path from 'node:path';
import type { Label, RunFile } from '../../protocol/run-file';
import { readLabels } from './label-store';
import { datasetRoot, liesInUsualPlace } from './run-folder';

/** Where a run's labels are, and the key of each picture in them. */
export interface LabelKeys {
  /** The folder whose `.musc` holds the labels. */
  readonly folder: string;
  readonly keys: readonly string[];
}

/**
 * Labels belong to the folder that was scored: that with the run's `.musc`, or the data set's root for a run elsewhere. Keys are
 * picture paths below it.
 */
export function labelKeys(runPath: string, run: RunFile): LabelKeys {
  const root = datasetRoot(runPath, run);
  const folder = liesInUsualPlace(runPath, run) ? path.resolve(path.dirname(runPath), '../../..') : root;
  const keys = run.images.map((i) => path.relative(folder, path.join(root, i.path)).split(path.sep).join('/'));
  const below = keys.every((k) => !k.startsWith('../') && !path.isAbsolute(k));
  return below ? { folder, keys } : { folder: root, keys: run.images.map((i) => i.path) };
}

/** Reviewers' labels, one per picture of the run; null where nobody decided. Throws FILE_INVALID for a damaged file. */
export async function labelsOfRun(runPath: string, run: RunFile): Promise<(Label | null)[]> {
  const { folder, keys } = labelKeys(runPath, run);
  const record = await readLabels(folder);
  return keys.map((k) => (Object.hasOwn(record, k) ? record[k].label : null));
}
