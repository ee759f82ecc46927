import { commands, l10n, Uri, window, workspace } from 'vscode';
import { MuscError } from '../../core/errors';
import type { PanelRequest } from '../../protocol/panel';
import type { RunFile } from '../../protocol/run-file';
import type { Host } from '../host';
import type { Job } from '../job-queue';
import { errorText, showError } from '../messages';
import { isJobOf, pictureFile } from '../open-run';
import { type Relinked, relinkRun } from '../relink';
import { showInExplorer } from '../reveal';
import type { RunDocument } from '../run-document';
import { exportAs, exportFrom } from './export';
import { importLabelsInto } from './labels';
import { scoreAgain, scoreAndOpen } from './score';

/** Conflicts named one by one. */
const NAMED = 3;
/** Runs whose skipped pictures are in the log already. */
const logged = new WeakSet<RunFile>();

/**
 * Things the panel asks the editor to do. `ended`: the job of this run's pictures that the panel saw fail or be cancelled last.
 * Throws a MuscError for what can't be done.
 */
export async function runPanelCommand(
  host: Host,
  document: RunDocument,
  request: PanelRequest<'command'>,
  ended: Job<'score'> | null,
): Promise<void> {
  const { uri } = document;
  const picture = async (): Promise<Uri> => {
    const image = request.images?.[0];
    if (!document.opened || image === undefined) throw new MuscError('USAGE', l10n.t('no picture was named'));
    return Uri.file(await pictureFile(document.opened, image));
  };
  switch (request.name) {
    case 'scoreAgain':
      // not awaited: the panel need not wait for a whole run
      return void (request.resume ? resume(host, uri, ended) : scoreAgain(host, uri));
    case 'export':
      return void exportFrom(host, uri, request);
    case 'exportLabels':
      return void exportLabels(host, document);
    case 'importLabels':
      return void importLabelsInto(host, document);
    case 'exportSplit':
      return void exportSplit(host, document);
    case 'cancel':
      return activeJob(host, document)?.cancel();
    case 'watch':
      return watch(host, document);
    case 'revealInExplorer':
      return showInExplorer(await picture());
    case 'openPicture':
      return void (await commands.executeCommand('vscode.open', await picture()));
    case 'relink':
      return relink(document);
    case 'showLog':
      return showLog(host, document);
    case 'undo':
    case 'redo':
      return void (await commands.executeCommand(request.name));
  }
}

const activeJob = (host: Host, { opened }: RunDocument): Job | undefined =>
  opened ? host.scoring.queue.active.find((job) => isJobOf(job, opened)) : undefined;

/** Goes on from the checkpoint: with the request of the job that left it, where that is known, else as the run was scored. */
async function resume(host: Host, run: Uri, ended: Job<'score'> | null): Promise<void> {
  try {
    if (!ended) return await scoreAgain(host, run);
    const { folder, ...request } = ended.request;
    await scoreAndOpen(host, [Uri.file(folder)], request);
  } catch (error) {
    await showError(error);
  }
}

/** The log, with the run's skipped pictures in it: reasons are logged while scoring, which may have been another day. */
function showLog(host: Host, { opened }: RunDocument): void {
  if (opened && opened.run.skipped.length > 0 && !logged.has(opened.run)) {
    logged.add(opened.run);
    const lines = opened.run.skipped.map(({ path, reason }) => `  ${path}: ${reason}`);
    host.log('warn', [`${opened.run.name}: ${lines.length} pictures were skipped`, ...lines].join('\n'));
  }
  host.channel.show();
}

async function watch(host: Host, document: RunDocument): Promise<void> {
  const job = activeJob(host, document);
  if (job?.kind === 'score') await commands.executeCommand('musc.watchRun', { kind: 'job', job });
}

async function exportLabels(host: Host, { uri }: RunDocument): Promise<void> {
  const formats = [
    { label: 'CSV', as: 'csv', extension: 'csv' },
    { label: 'JSON', as: 'json', extension: 'json' },
    { label: 'COCO', as: 'coco', extension: 'json' },
  ];
  const chosen = await window.showQuickPick(formats, { placeHolder: l10n.t('Export labels as') });
  if (chosen) await exportAs(host, uri, { format: 'labels', extension: chosen.extension, options: { as: chosen.as } });
}

async function exportSplit(host: Host, { uri }: RunDocument): Promise<void> {
  const kinds = [
    { label: l10n.t('Lists'), detail: l10n.t('a text file of picture paths for each label'), copy: false },
    {
      label: l10n.t('Copies of the pictures'),
      detail: l10n.t('the lists, and a folder of copies for each label'),
      copy: true,
    },
  ];
  const placeHolder = l10n.t('Export a cleaned split as (originals are never moved or changed)');
  const chosen = await window.showQuickPick(kinds, { placeHolder });
  if (chosen) await exportAs(host, uri, { format: 'split', extension: null, options: { copy: chosen.copy } });
}

async function relink(document: RunDocument): Promise<void> {
  if (!document.opened) return;
  if (!workspace.isTrusted)
    // it writes into the run and to the labels of the folder, which nobody here is trusted to name
    throw new MuscError('UNTRUSTED', l10n.t('runs are not changed in restricted mode'), {
      hint: l10n.t('trust the workspace to find their pictures'),
    });
  const chosen = await window.showOpenDialog({
    title: l10n.t('Where are the pictures of this run now?'),
    openLabel: l10n.t('Use This Folder'),
    canSelectFolders: true,
    canSelectFiles: false,
    defaultUri: Uri.file(document.opened.folder),
  });
  if (!chosen?.[0]) return;
  const labels = await relinkRun(document.opened, chosen[0].fsPath);
  await document.reload();
  tellLabels(labels);
}

/** What became of the labels, where that isn't simply that they came along. */
function tellLabels({ conflicts, setAside, problem }: Relinked): void {
  if (problem)
    void window.showWarningMessage(
      `${l10n.t('The labels could not be carried over to the new folder; they are still in the old one.')} ${errorText(problem)}`,
    );
  if (conflicts.length > 0) {
    const named = conflicts.slice(0, NAMED).map(({ path, kept }) => `${path} (${kept ?? '-'})`);
    void window.showWarningMessage(
      l10n.t(
        '{0} pictures were labelled differently in the new folder: {1}. The later decision was kept.',
        conflicts.length,
        named.join(', '),
      ),
    );
  }
  if (setAside) void window.showWarningMessage(l10n.t('The label file was damaged. It was kept as {0}.', setAside));
}
