import { commands, l10n, type QuickPickItem, QuickPickItemKind, Uri, window } from 'vscode';
import { datasetRoot, deleteRun as deleteRunFiles } from '../../core/run/run-folder';
import { BenchEditor } from '../bench-editor';
import { benchmarkItems, findBenchmarks } from '../find-benchmarks';
import type { Host } from '../host';
import { jobName } from '../job-reporter';
import { showError } from '../messages';
import { showInExplorer } from '../reveal';
import { folderOfRun, isReadable, type RunHeadline } from '../run-headline';
import { chooseRun, pickRun, type RunArgument, runItems, runOfTab } from '../run-argument';
import { readRun } from '../../core/run/run-store';
import { saveOpenLabels } from '../save-labels';
import { openResult } from '../show-result';
import { openRunEditor } from './score';

/** Open Run...: a run of the view, or one of all; or a benchmark, which no view lists. */
export async function openRun(host: Host, argument?: RunArgument): Promise<void> {
  if (argument instanceof Uri) return void (await openRunEditor(argument));
  if (argument?.kind === 'run') return void (await openRunEditor(argument.run.uri));
  const [benchmarks] = await Promise.all([findBenchmarks(), host.catalogue.refresh()]);
  const items: OpenItem[] = runItems(host.catalogue.runs.filter(isReadable));
  if (benchmarks.length > 0)
    items.push({ label: l10n.t('Benchmarks'), kind: QuickPickItemKind.Separator }, ...benchmarkItems(benchmarks));
  if (items.length === 0) return void window.showInformationMessage(l10n.t('There is no run yet.'));
  const placeHolder = l10n.t('Which run to open?');
  const chosen = await window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (chosen?.run) await openRunEditor(chosen.run.uri);
  else if (chosen?.uri) await openResult(chosen.uri, BenchEditor.viewType, 'focused');
}

/** A run, a benchmark, or a line between them. */
type OpenItem = QuickPickItem & { readonly run?: RunHeadline; readonly uri?: Uri };

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
