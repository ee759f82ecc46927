import { commands, l10n, Uri, window } from 'vscode';
import { datasetRoot, deleteRun as deleteRunFiles } from '../../core/run/run-folder';
import type { Host } from '../host';
import { jobName } from '../job-reporter';
import { showError } from '../messages';
import { showInExplorer } from '../reveal';
import { folderOfRun, isReadable, type RunHeadline } from '../run-headline';
import { chooseRun, pickRun, type RunArgument, runOfTab } from '../run-argument';
import { readRun } from '../../core/run/run-store';
import { saveOpenLabels } from '../save-labels';
import { openRunEditor } from './score';

/** Open Run...: a run of the view, or one of all. */
export async function openRun(host: Host, argument?: RunArgument): Promise<void> {
  const run =
    argument instanceof Uri || argument?.kind === 'run'
      ? await chooseRun(host, argument, '')
      : (await pickRun(host, l10n.t('Which run to open?')))?.uri;
  if (run) await openRunEditor(run);
}

/** Compare Runs...: opens a run with another of the same folder beside it in the panel's compare view. */
export async function compareRuns(host: Host, argument?: RunArgument): Promise<void> {
  try {
    const hasOther = ({ folder, root }: RunHeadline) => host.catalogue.runsOf(folder, root).length > 1;
    const run = await chooseRun(host, argument, l10n.t('Which run to compare?'), {
      accept: (one) => isReadable(one) && hasOther(one),
    });
    if (!run) return;
    const opened = await readRun(run.fsPath);
    const places = [folderOfRun(run.fsPath, opened.root), datasetRoot(run.fsPath, opened)];
    const other = await pickRun(
      host,
      l10n.t('Compare with which run?'),
      (one) => one.id !== opened.id && host.catalogue.runsOf(...places).includes(one),
      l10n.t('There is no other run of this folder to compare with.'),
    );
    if (!other) return;
    await openRunEditor(run);
    host.editor.compare(run, other.id);
  } catch (error) {
    await showError(error);
  }
}

/** Cancel Run: the one that is meant, the only one, or one of several. */
export async function cancelRun(host: Host, argument?: RunArgument): Promise<void> {
  const { active } = host.scoring.queue;
  if (argument && 'kind' in argument && argument.kind === 'job') return argument.job.cancel();
  if (active.length <= 1) return active[0]?.cancel();
  const all = { label: l10n.t('All of them'), job: null };
  const chosen = await window.showQuickPick([...active.map((job) => ({ label: jobName(job), job })), all], {
    placeHolder: l10n.t('Which run to cancel?'),
  });
  if (chosen?.job) chosen.job.cancel();
  else if (chosen) host.scoring.queue.cancelAll();
}

/** Delete Run, also one that can't be read: after a question, since it cannot be undone. Pictures, labels and exports stay. */
export async function deleteRun(host: Host, argument?: RunArgument): Promise<void> {
  try {
    const run = await chooseRun(host, argument, l10n.t('Which run to delete?'), { damaged: true });
    if (!run) return;
    const yes = l10n.t('Delete');
    const chosen = await window.showWarningMessage(
      l10n.t('Delete this run?'),
      {
        modal: true,
        detail: l10n.t('{0}\n\nIts scores and heatmaps are deleted. Pictures, labels and exports stay.', run.fsPath),
      },
      yes,
    );
    if (chosen !== yes) return;
    await saveOpenLabels(host, run, 'delete');
    if (!(await closeEditors(run))) return;
    await deleteRunFiles(run.fsPath);
    await host.catalogue.refresh();
  } catch (error) {
    await showError(error);
  }
}

/** Closes the editors of a run. False: one is still open, as the user wants. */
async function closeEditors(run: Uri): Promise<boolean> {
  const tabs = window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => runOfTab(tab)?.toString() === run.toString());
  return tabs.length === 0 || window.tabGroups.close(tabs);
}

/** Reveal Run in Explorer. */
export async function revealRun(host: Host, argument?: RunArgument): Promise<void> {
  const run = await chooseRun(host, argument, l10n.t('Which run to reveal?'), { damaged: true });
  if (run) await showInExplorer(run);
}

/** Open Run as Text: the JSON behind it. */
export async function openRunAsText(host: Host, argument?: RunArgument): Promise<void> {
  const run = await chooseRun(host, argument, l10n.t('Which run to open?'), { damaged: true });
  if (run) await commands.executeCommand('vscode.openWith', run, 'default');
}
