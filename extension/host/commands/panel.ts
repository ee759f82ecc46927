import { commands, l10n, Uri, window } from 'vscode';
import { MuscError } from '../../core/errors';
import { relinkRun } from '../relink';
import type { PanelRequest } from '../../protocol/panel';
import type { Host } from '../host';
import { pictureFile } from '../open-run';
import type { RunDocument } from '../run-document';
import { exportAs, exportRun } from './export';
import { importLabelsInto } from './labels';
import { scoreAgain } from './score';

/** Things the panel asks the editor to do. Throws a MuscError for what can't be done. */
export async function runPanelCommand(
  host: Host,
  document: RunDocument,
  request: PanelRequest<'command'>,
): Promise<void> {
  const { uri } = document;
  const picture = async (): Promise<Uri> => {
    const image = request.images?.[0];
    if (!document.opened || image === undefined) throw new MuscError('USAGE', 'no picture was named');
    return Uri.file(await pictureFile(document.opened, image));
  };
  switch (request.name) {
    case 'scoreAgain':
      return void scoreAgain(host, uri); // not awaited: the panel need not wait for a whole run
    case 'export':
      return void exportRun(host, uri);
    case 'exportLabels':
      return void exportLabels(host, document);
    case 'importLabels':
      return void importLabelsInto(host, document);
    case 'exportSplit':
      return void exportAs(host, uri, 'split', null);
    case 'cancel':
      return host.scoring.queue.active.find((job) => job.request.folder === document.opened?.folder)?.cancel();
    case 'watch':
      return watch(host, document);
    case 'revealInExplorer':
      return void (await commands.executeCommand('revealInExplorer', await picture()));
    case 'openPicture':
      return void (await commands.executeCommand('vscode.open', await picture()));
    case 'relink':
      return relink(document);
    case 'showLog':
      return host.channel.show();
    case 'undo':
    case 'redo':
      return void (await commands.executeCommand(request.name));
  }
}

async function watch(host: Host, { opened }: RunDocument): Promise<void> {
  const job = host.scoring.queue.active.find((one) => one.kind === 'score' && one.request.folder === opened?.folder);
  if (job) await commands.executeCommand('musc.watchRun', { kind: 'job', job });
}

async function exportLabels(host: Host, { uri }: RunDocument): Promise<void> {
  const formats = [
    { label: 'CSV', as: 'csv', extension: 'csv' },
    { label: 'JSON', as: 'json', extension: 'json' },
    { label: 'COCO', as: 'coco', extension: 'json' },
  ];
  const chosen = await window.showQuickPick(formats, { placeHolder: l10n.t('Export labels as') });
  if (chosen) await exportAs(host, uri, 'labels', chosen.extension, { as: chosen.as });
}

async function relink(document: RunDocument): Promise<void> {
  if (!document.opened) return;
  const chosen = await window.showOpenDialog({
    title: l10n.t('Where are the pictures of this run now?'),
    openLabel: l10n.t('Use This Folder'),
    canSelectFolders: true,
    canSelectFiles: false,
    defaultUri: Uri.file(document.opened.folder),
  });
  if (!chosen?.[0]) return;
  await relinkRun(document.opened, chosen[0].fsPath);
  await document.reload();
}
