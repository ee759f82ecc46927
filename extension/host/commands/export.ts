import path from 'node:path';
import { commands, l10n, ProgressLocation, type QuickPickItem, Uri, window } from 'vscode';
import { ownThreshold } from '../../core/metrics/threshold';
import { readRun } from '../../core/run/run-store';
import type { PanelRequest } from '../../protocol/panel';
import type { RunFile } from '../../protocol/run-file';
import { signalOf } from '../cancellation';
import type { Host } from '../host';
import { showError } from '../messages';
import { progressText } from '../progress-text';
import { revealCommand } from '../reveal';
import { openRun, requirePictures } from '../open-run';
import { saveOpenLabels } from '../save-labels';
import { panelSettings } from '../settings';
import { chooseRun, type RunArgument } from '../run-argument';

interface Format extends QuickPickItem {
  readonly format: string;
  /** Extension of the one file written, or null for a folder of files. */
  readonly extension: string | null;
}

const formats = (): Format[] => [
  { format: 'csv', extension: 'csv', label: 'CSV', description: l10n.t('scores and labels, one picture a line') },
  { format: 'xlsx', extension: 'xlsx', label: 'Excel', description: l10n.t('scores, labels and metrics') },
  { format: 'json', extension: 'json', label: 'JSON', description: l10n.t('everything, for scripts') },
  { format: 'html', extension: 'html', label: 'HTML', description: l10n.t('a report in one file') },
  { format: 'coco', extension: 'json', label: 'COCO', description: l10n.t('defect regions as annotations') },
  { format: 'npy', extension: 'npy', label: 'NumPy', description: l10n.t('anomaly maps at model size') },
  { format: 'masks', extension: null, label: l10n.t('Masks'), description: l10n.t('a black and white picture each') },
  { format: 'overlays', extension: null, label: l10n.t('Overlays'), description: l10n.t('heatmap over every picture') },
  {
    format: 'heatmaps',
    extension: null,
    label: l10n.t('Heatmaps'),
    description: l10n.t('heatmap alone, as large as the picture'),
  },
];

/** Those without labels; all others hold them. */
const WITHOUT_LABELS: ReadonlySet<string> = new Set(['npy', 'masks', 'overlays', 'heatmaps']);
/** Whether it reads files of the data set: copies pictures, draws on them, or has regions of masks in it. */
const readsDataset = ({ format, options }: Export): boolean =>
  ['overlays', 'html', 'coco'].includes(format) || (format === 'split' && options?.copy === true);
/** Those that mark pixels from a threshold on. */
const MARKED: ReadonlySet<string> = new Set(['masks', 'coco']);

/** What a panel shows, where it is a panel that asks: its threshold, and how it draws heat. */
export type Shown = Pick<PanelRequest<'command'>, 'threshold' | 'heat'>;
type PanelThreshold = NonNullable<Shown['threshold']>;

/** What to export, and with which of the format's own options. */
export interface Export {
  readonly format: string;
  /** Extension of the one file written, or null for a folder of files. */
  readonly extension: string | null;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** By which threshold pixels are marked, for the message at the end. */
  readonly marked?: string;
}

/** Export Results...: which run, then as `exportFrom`; a panel that shows it asks for that itself, with what it shows. */
export async function exportRun(host: Host, argument?: RunArgument): Promise<void> {
  const run = await chooseRun(host, argument, l10n.t('Which run to export?'));
  if (run && !host.editor.exportShown(run)) await exportFrom(host, run);
}

/** Asks for format and place, exports a run, and offers a way to what was written. */
export async function exportFrom(host: Host, run: Uri, { threshold, heat }: Shown = {}): Promise<void> {
  const format = await window.showQuickPick(formats(), {
    placeHolder: l10n.t('Export as'),
    matchOnDescription: true,
  });
  if (!format) return;
  if (MARKED.has(format.format)) return exportMarked(host, run, format, threshold);
  const drawn = format.format === 'overlays' || format.format === 'heatmaps';
  const options = drawn ? await askDrawing(host, format.format, heat) : reportOptions(format, threshold);
  if (options) await exportAs(host, run, { ...format, options });
}

const reportOptions = ({ format }: Format, threshold?: PanelThreshold): Options =>
  format === 'html' && threshold ? { scoreThreshold: threshold.score } : {};

/** Exports what is marked from a threshold on: the panel's, else the run's own. */
async function exportMarked(host: Host, run: Uri, format: Format, shown?: PanelThreshold): Promise<void> {
  try {
    const threshold = shown ? panelMark(shown) : ownMark(await readRun(run.fsPath));
    await exportAs(host, run, { ...format, options: { threshold: threshold.value }, marked: threshold.text });
  } catch (error) {
    await showError(error);
  }
}

/** A threshold on the scale of maps, and how it is told. */
interface Mark {
  readonly value: number;
  readonly text: string;
}

const panelMark = ({ score, map }: PanelThreshold): Mark => ({
  value: map,
  text: l10n.t('Marked from the threshold of the panel on, {0}.', rounded(score)),
});

/** As the engine would choose it: at F1-max with truth, else suggested. */
function ownMark({ images }: RunFile): Mark {
  const own = ownThreshold(
    images.map(({ rawScore }) => rawScore),
    images.map(({ truth }) => truth),
  );
  const value = own.value ?? 0; // of a run without pictures
  const text =
    own.from === 'f1max'
      ? l10n.t('Marked from the threshold at F1-max on, {0} on heatmaps.', rounded(value))
      : l10n.t('Marked from the suggested threshold on, {0} on heatmaps.', rounded(value));
  return { value, text };
}

type Options = NonNullable<Export['options']>;

/** How pictures are drawn: as in the panel that asks or else by the settings, or as the authors' tool does. */
async function askDrawing(host: Host, format: string, heat: Shown['heat']): Promise<Options | undefined> {
  const theirs = { colormap: 'jet', type: 'png', ...(format === 'overlays' ? { blend: 'even' } : {}) };
  const items: (QuickPickItem & { options: Options })[] = [
    heat ? asInPanel(heat) : bySettings(panelSettings(host.log)),
    {
      label: l10n.t("As the authors' tool"),
      description: l10n.t('JET, one scale for all'),
      options: { ...theirs, scale: 'run' },
    },
    {
      label: l10n.t("As the authors' tool, each picture on its own scale"),
      description: l10n.t('JET; normal pictures look hot, too'),
      options: { ...theirs, scale: 'picture' },
    },
  ];
  const chosen = await window.showQuickPick(items, { placeHolder: l10n.t('How to draw them?') });
  return chosen?.options;
}

const described = (colormap: string, scale: 'run' | 'picture'): string =>
  `${colormap}, ${scale === 'run' ? l10n.t('one scale for all') : l10n.t('each picture on its own scale')}`;

function asInPanel({ colormap, opacity, scale }: NonNullable<Shown['heat']>) {
  return {
    label: l10n.t('As in the panel'),
    description: described(colormap, scale ? 'run' : 'picture'),
    options: { colormap, opacity, from: 'median', scale: scale ? 'run' : 'picture', ...scale },
  };
}

function bySettings({ colormap, heatmapScale }: ReturnType<typeof panelSettings>) {
  return {
    label: l10n.t('As the settings say'),
    description: described(colormap, heatmapScale),
    options: { colormap, from: 'median', scale: heatmapScale },
  };
}

/** Exports a run in one format to a place the user chooses, with the labels as an open editor of the run shows them. */
export async function exportAs(host: Host, run: Uri, wanted: Export): Promise<void> {
  const { format, extension, options, marked } = wanted;
  try {
    if (readsDataset(wanted)) requirePictures(await openRun(run.fsPath));
  } catch (error) {
    return showError(error);
  }
  const out = await askPlace(run, format, extension);
  if (!out) return;
  let files: readonly string[];
  try {
    if (!WITHOUT_LABELS.has(format)) await saveOpenLabels(host, run, 'export');
    ({ files } = await window.withProgress(
      { location: ProgressLocation.Notification, title: l10n.t('Exporting'), cancellable: true },
      (report, token) =>
        host.engines.jobs.call(
          'exportRun',
          { run: run.fsPath, format, out: out.fsPath, options },
          {
            signal: signalOf(token),
            progress: (step) => report.report({ message: progressText(step) }),
          },
        ),
    ));
  } catch (error) {
    return showError(error, () => void exportAs(host, run, wanted));
  }
  const done = l10n.t('Exported {0} files to {1}.', files.length, out.fsPath);
  await offerToShow(marked === undefined ? done : `${done} ${marked}`, out, extension === null);
}

/** Says what was written, and offers to show it where the window can. */
async function offerToShow(done: string, out: Uri, isFolder: boolean): Promise<void> {
  const command = isFolder ? revealCommand(out) : 'vscode.open';
  const show = l10n.t('Show');
  const chosen = await window.showInformationMessage(done, ...(command ? [show] : []));
  if (command && chosen === show) await commands.executeCommand(command, out).then(undefined, showError);
}

/** As the panel shows it. */
const rounded = (score: number): string => score.toFixed(3);

async function askPlace(run: Uri, format: string, extension: string | null): Promise<Uri | undefined> {
  const folder = path.dirname(run.fsPath);
  if (extension !== null)
    return window.showSaveDialog({
      title: l10n.t('Export Results'),
      saveLabel: l10n.t('Export'),
      defaultUri: Uri.file(path.join(folder, `${path.basename(folder)}-${format}.${extension}`)),
      filters: { [extension.toUpperCase()]: [extension] },
    });
  const chosen = await window.showOpenDialog({
    title: l10n.t('Export Results'),
    openLabel: l10n.t('Export Here'),
    canSelectFolders: true,
    canSelectFiles: false,
    defaultUri: Uri.file(folder),
  });
  return chosen?.[0] && Uri.joinPath(chosen[0], format);
}
