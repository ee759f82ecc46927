import path from 'node:path';
import { Uri } from 'vscode';
import { fittedImageSize } from '../core/backbone/fit';
import { datasetRoot } from '../core/run/run-folder';
import { readRun } from '../core/run/run-store';
import { DEVICES } from '../core/settings';
import type { RunFile } from '../protocol/run-file';
import { folderAround } from './run-headline';
import type { ScoreOverrides } from './scoring';

/**
 * The folder and options that a run was made with; of one that can't be read the folder that it lies in, to be scored as the
 * settings say. Throws FILE_INVALID, FILE_IO where that isn't known either.
 */
export async function requestOf(file: Uri): Promise<{ folder: Uri; overrides: ScoreOverrides }> {
  const around = folderAround(file.fsPath);
  const run = await readRun(file.fsPath).catch((error: unknown) => {
    if (around === null) throw error;
    return null;
  });
  if (!run) return { folder: Uri.file(around as string), overrides: {} };
  const { masks, ...settings } = run.settings;
  const folder = datasetRoot(file.fsPath, run); // where the pictures are now, also of a run that was relinked
  const category = categoryBelow(run);
  const device = DEVICES.find((one) => one === run.device.requested);
  return {
    folder: Uri.file(folder),
    overrides: {
      ...settings,
      imageSize: imageSizeOf(run),
      layout: run.dataset.layout,
      ...(device === undefined ? {} : { device }),
      ...(category === null ? {} : { category }),
      ...(masks === undefined || run.dataset.layout === 'visa' ? {} : { masks: path.resolve(folder, masks) }), // VisA's was never used
    },
  };
}

/** The image size that leads to a run's model input again. */
function imageSizeOf({ settings, input, images }: RunFile): number {
  if (settings.fit === 'squash' || images.length === 0) return input.height;
  const shapes = [...images].sort((a, b) => a.width / a.height - b.width / b.height);
  const { width, height } = shapes[Math.floor(shapes.length / 2)]; // as the input was made for them
  return fittedImageSize(width, height, input);
}

/** The category of a run whose folder holds all of its data set's; a folder that is a category needs no name, it may have a new one. */
const categoryBelow = ({ dataset: { category }, images }: RunFile): string | null =>
  category !== null && images.some((image) => image.path.startsWith(`${category}/`)) ? category : null;
