import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';
import type { ReportProgress } from '../progress';
import { exportOptions, type ExportJob } from './export/export-job';
import { cocoJson } from './export/coco';
import { labelsText } from './export/labels-export';
import { outputFile, writeFolder, writeOutput } from './export/output';
import { exportHeatmaps, exportMasks, exportOverlays } from './export/pictures';
import { runReport } from './export/report';
import { exportSplit } from './export/split';
import { mapsNpy, runJson, scoresCsv } from './export/tables';
import { runWorkbook } from './export/workbook';
import { labelsPath } from './label-store';
import { realPlace } from './real-place';
import { complaints } from './run-format';
import { datasetRoot, MAPS_FILE, NEIGHBOURS_FILE, RUN_FILE } from './run-folder';
import { labelKeys, labelsOfRun } from './run-labels';
import { readRun } from './run-store';

export const EXPORT_FORMATS = [
  'csv',
  'json',
  'npy',
  'coco',
  'masks',
  'overlays',
  'heatmaps',
  'xlsx',
  'html',
  'labels',
  'split',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const isFormat = (format: string): format is ExportFormat => (EXPORT_FORMATS as readonly string[]).includes(format);

/** Files of the run itself, and the reviewers' labels, which nothing can make again. */
const ownFiles = ({ runPath, run }: ExportJob): string[] => [
  ...[path.basename(runPath), MAPS_FILE, NEIGHBOURS_FILE].map((one) => path.join(path.dirname(runPath), one)),
  labelsPath(labelKeys(runPath, run).folder),
];

/** Whether a place is that of a file of whatever run lies there. */
async function isOfSomeRun(real: string): Promise<boolean> {
  if (![RUN_FILE, MAPS_FILE, NEIGHBOURS_FILE].includes(path.basename(real))) return false;
  return stat(path.join(path.dirname(real), RUN_FILE)).then(
    () => true,
    () => false,
  );
}

/** `out`, or a file named `name` in it. Throws USAGE for a file of this run or another, whatever way leads to it. */
async function placeOf(job: ExportJob, out: string, name: string): Promise<string> {
  const file = await outputFile(out, name);
  const [real, ...own] = await Promise.all([file, ...ownFiles(job)].map(realPlace));
  if (own.includes(real) || (await isOfSomeRun(real)))
    throw new MuscError('USAGE', l10n.t('this file belongs to a run'), {
      where: file,
      hint: l10n.t('choose another name or folder'),
    });
  return file;
}

/**
 * Exports the run at `runPath` (its run.musc.json) and returns the absolute paths of the files written. csv, json, npy, coco,
 * xlsx, html and labels write the file `out` (or into it, if it is a folder); masks, overlays, heatmaps and split fill a new folder.
 * All or nothing: a failed or cancelled export leaves no file behind.
 * Throws USAGE (unknown format, a folder that is not empty), SETTING_INVALID (an option), FILE_INVALID, DISK_FULL, CANCELLED.
 */
export async function exportRun(
  runPath: string,
  format: string,
  out: string,
  options: Readonly<Record<string, unknown>> = {},
  context: { readonly signal?: AbortSignal; readonly progress?: ReportProgress } = {},
): Promise<string[]> {
  if (!isFormat(format))
    throw new MuscError('USAGE', l10n.t('unknown format "{0}"', format), {
      hint: l10n.t('one of {0}', EXPORT_FORMATS.join(', ')),
    });
  const checked = exportOptions.safeParse(options);
  if (!checked.success)
    throw new MuscError('SETTING_INVALID', l10n.t('export option {0}', complaints(checked.error)), {
      hint: l10n.t('see the documentation'),
    });
  const run = await readRun(runPath);
  const job: ExportJob = {
    runPath: path.resolve(runPath),
    run,
    root: datasetRoot(path.resolve(runPath), run),
    labels: await labelsOfRun(path.resolve(runPath), run),
    options: checked.data,
    ...context,
  };
  return write(job, format, out);
}

async function write(job: ExportJob, format: ExportFormat, out: string): Promise<string[]> {
  switch (format) {
    case 'csv':
      return writeOutput(await placeOf(job, out, 'scores.csv'), scoresCsv(job), job.signal);
    case 'json':
      return writeOutput(await placeOf(job, out, 'run.json'), runJson(job), job.signal);
    case 'npy':
      return writeOutput(await placeOf(job, out, 'maps.npy'), mapsNpy(job), job.signal);
    case 'coco':
      return writeOutput(await placeOf(job, out, 'coco.json'), cocoJson(job), job.signal);
    case 'xlsx':
      return writeOutput(await placeOf(job, out, 'run.xlsx'), await runWorkbook(job), job.signal);
    case 'html':
      return writeOutput(await placeOf(job, out, 'report.html'), await runReport(job), job.signal);
    case 'labels': {
      const file = await placeOf(job, out, job.options.as === 'csv' ? 'labels.csv' : 'labels.json');
      return writeOutput(file, labelsText(job, file), job.signal);
    }
    case 'masks':
      return writeFolder(out, job.root, (folder) => exportMasks(job, folder), job.signal);
    case 'overlays':
      return writeFolder(out, job.root, (folder) => exportOverlays(job, folder), job.signal);
    case 'heatmaps':
      return writeFolder(out, job.root, (folder) => exportHeatmaps(job, folder), job.signal);
    case 'split':
      return writeFolder(out, job.root, (folder) => exportSplit(job, folder), job.signal);
  }
}
