import path from 'node:path';
import { commands, l10n, ProgressLocation, type QuickPickItem, Uri, window } from 'vscode';
import { signalOf } from '../cancellation';
import type { Host } from '../host';
import { showError } from '../messages';
import { progressText } from '../progress-text';
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

/** Export Results...: format, place, progress, and a way to what was written. */
export async function exportRun(host: Host, argument?: RunArgument): Promise<void> {
  const run = await chooseRun(host, argument, l10n.t('Which run to export?'));
  if (!run) return;
  const format = await window.showQuickPick(formats(), {
    placeHolder: l10n.t('Export as'),
    matchOnDescription: true,
  });
  if (!format) return;
  const drawn = format.format === 'overlays' || format.format === 'heatmaps';
  const options = drawn ? await askDrawing(format.format) : {};
  if (options) await exportAs(host, run, format.format, format.extension, options);
}

/** How pictures are drawn: as in the panel, or as the authors' tool does. */
async function askDrawing(format: string): Promise<Readonly<Record<string, string>> | undefined> {
  const { colormap, heatmapScale } = panelSettings();
  const theirs = { colormap: 'jet', type: 'png', ...(format === 'overlays' ? { blend: 'even' } : {}) };
  const items = [
    {
      label: l10n.t('As in the panel'),
      description: `${colormap}, ${heatmapScale === 'run' ? l10n.t('one scale for all') : l10n.t('each picture on its own scale')}`,
      options: { colormap, scale: heatmapScale },
    },
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

/** Exports a run in one format to a place the user chooses; `options` are the format's own. */
export async function exportAs(
  host: Host,
  run: Uri,
  format: string,
  extension: string | null,
  options?: Readonly<Record<string, string>>,
): Promise<void> {
  const out = await askPlace(run, format, extension);
  if (!out) return;
  try {
    const { files } = await window.withProgress(
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
    );
    const reveal = l10n.t('Show');
    const chosen = await window.showInformationMessage(
      l10n.t('Exported {0} files to {1}.', files.length, out.fsPath),
      reveal,
    );
    if (chosen === reveal) await commands.executeCommand(extension === null ? 'revealFileInOS' : 'vscode.open', out);
  } catch (error) {
    await showError(error, () => void exportAs(host, run, format, extension, options));
  }
}

async function askPlace(run: Uri, format: string, extension: string | null): Promise<Uri | undefined> {
  const folder = path.dirname(run.fsPath);
  if (extension !== null)
    return window.showSaveDialog({
      title: l10n.t('Export Results'),
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
