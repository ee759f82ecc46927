import { constants, copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { throwIfAborted } from '../../errors';
import { joinInside, resolveInside } from '../safe-path';
import { step, type ExportJob } from './export-job';
import { SkippedPictures } from './skipped';

/** Folders of a split. */
export const SPLIT_GROUPS = ['good', 'defect', 'unsure', 'unlabelled'] as const;
export type SplitGroup = (typeof SPLIT_GROUPS)[number];

/** Where a picture goes: by the reviewer's label, else by ground truth. */
export const splitGroup = (job: ExportJob, i: number): SplitGroup =>
  job.labels[i] ?? job.run.images[i].truth ?? 'unlabelled';

/**
 * The data set, cleaned by its reviewers: lists `good.txt`, `defect.txt`, `unsure.txt`, `unlabelled.txt` of picture paths, and with
 * `copy` the pictures themselves in folders of those names. Originals are never moved or changed. A picture that can't be copied
 * (moved, deleted) is left out and listed in `skipped.txt` with the reason; if none can be, the first reason is thrown.
 */
export async function exportSplit(job: ExportJob, folder: string): Promise<void> {
  const lists = new Map<SplitGroup, string[]>(SPLIT_GROUPS.map((g) => [g, []]));
  for (const [i, image] of job.run.images.entries()) lists.get(splitGroup(job, i))?.push(image.path);
  for (const [group, paths] of lists)
    await writeFile(
      path.join(folder, `${group}.txt`),
      paths.map((p) => `${p}\n`),
    );
  if (!job.options.copy) return;
  const skipped = new SkippedPictures();
  for (const [i, image] of job.run.images.entries()) {
    throwIfAborted(job.signal);
    const target = joinInside(path.join(folder, splitGroup(job, i)), image.path);
    await copyPicture(job.root, image.path, target).catch((error: unknown) => skipped.add(image.path, error));
    step(job, i + 1, image.path);
  }
  await skipped.write(folder, job.run.images.length);
}

async function copyPicture(root: string, picture: string, target: string): Promise<void> {
  const source = await resolveInside(root, picture);
  await mkdir(path.dirname(target), { recursive: true });
  // a copy that shares its blocks where the file system can: quick and small, and still a copy
  await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
}
