import path from 'node:path';
import { FileType, l10n, Uri, window, workspace } from 'vscode';
import { Attention } from '../attention';
import { showError } from '../messages';
import type { ScoreOverrides } from '../scoring';
import { settingsFor } from '../settings';
import { durationText } from '../progress-text';
import { confirmEstimate } from '../confirm-estimate';
import { jobName } from '../job-reporter';
import { pickCategories } from '../pick-categories';
import { foldersAmong, pickFolder } from '../pick-folder';
import { askOptions } from '../score-options';
import type { Host } from '../host';
import { resumeBenchmark, runBenchmark } from './benchmark';
import { openResult, type Showing, showResult } from '../show-result';
import { chooseRun, folderOf, type RunArgument } from '../run-argument';
import { requestOf } from '../run-request';

/** Score Folder...: asks which, then scores it. */
export async function scoreFolder(host: Host): Promise<void> {
  const folder = await pickFolder();
  if (folder) await scoreAndOpen(host, [folder]);
}

/** Score This Folder: of the Explorer (all that are selected) or of the runs view. */
export async function scoreThisFolder(
  host: Host,
  argument?: RunArgument,
  selected?: readonly unknown[],
): Promise<void> {
  const uris = (selected ?? []).filter((item): item is Uri => item instanceof Uri);
  const clicked = folderOf(argument);
  const meant = clicked && uris.some((uri) => uri.toString() === clicked.toString()) ? uris : clicked ? [clicked] : [];
  const folders = await foldersAmong(meant);
  if (folders.length === 0) return scoreFolder(host);
  await scoreAndOpen(host, folders);
}

/** Score With Options...: backbone, size, device, protocol, subsets in steps; the last answers are offered again. */
export async function scoreWithOptions(host: Host, argument?: RunArgument): Promise<void> {
  try {
    const folder = folderOf(argument) ?? (await pickFolder());
    if (!folder) return;
    const options = await askOptions(host, folder);
    if (!options) return;
    const folders = await chosenOf(host, folder, options);
    const [only, ...more] = folders;
    // What several take together nobody estimates.
    if (only === undefined || (more.length === 0 && !(await confirmEstimate(host.scoring, only, options)))) return;
    await Promise.all(folders.map((one) => scoreOne(host, one, options)));
  } catch (error) {
    await showError(error);
  }
}

/** Score Again: the folder of a run, as the run was scored. */
export async function scoreAgain(host: Host, argument?: RunArgument): Promise<void> {
  try {
    const run = await chooseRun(host, argument, l10n.t('Which run to score again?'));
    if (!run) return;
    const { folder, overrides } = await requestOf(run);
    await scoreAndOpen(host, [folder], overrides);
  } catch (error) {
    await showError(error);
  }
}

/** Queues folders, of the root of a data set what the user chooses; each opens its run when done, as `showResult`, or reports what went wrong. */
export async function scoreAndOpen(host: Host, folders: readonly Uri[], overrides: ScoreOverrides = {}): Promise<void> {
  const jobs: Promise<void>[] = [];
  // In the order of the selection; the first need not wait until the last has been asked about.
  for (const chosen of folders.map((folder) => chosenOf(host, folder, overrides)))
    for (const one of await chosen) jobs.push(scoreOne(host, one, overrides));
  await Promise.all(jobs);
}

/**
 * What to score of a folder: itself or, of the root of a data set, the categories that the user chooses; none where they leave, or run
 * a benchmark instead. Asked while who wants it is there: the job may wait for hours.
 */
async function chosenOf(host: Host, folder: Uri, overrides: ScoreOverrides): Promise<readonly Uri[]> {
  const choice = await askCategories(host, folder, overrides).catch(() => null);
  if (choice === 'benchmark') void runBenchmark(host, folder);
  return choice === 'benchmark' || choice === 'left' ? [] : (choice ?? [folder]);
}

/** Of the root of a data set: which categories to score, each by itself, or to benchmark them. Null: it is no such root. */
async function askCategories({ engines, scoring }: Host, folder: Uri, { category, layout }: ScoreOverrides) {
  if (!workspace.isTrusted || category !== undefined || !(await holdsFolders(folder))) return null;
  const engine = scoring.queue.active.length > 0 ? engines.interactive : engines.jobs; // it is started for the job anyway
  return pickCategories(engine, folder, layout ?? settingsFor(folder).layout);
}

/** Whether there can be categories in a folder: of most there is no need to start an engine to tell. */
async function holdsFolders(folder: Uri): Promise<boolean> {
  const entries = await workspace.fs.readDirectory(folder);
  return entries.some(([name, type]) => type !== FileType.File && !name.startsWith('.'));
}

async function scoreOne(host: Host, folder: Uri, overrides: ScoreOverrides): Promise<void> {
  const attention = new Attention();
  try {
    // What a run of the same settings and pictures that was stopped has left is gone on with, not thrown away: the result is the same.
    const job = await host.scoring.start(folder, { resume: true, ...overrides }, true);
    const summary = await job.result;
    const run = Uri.file(summary.run);
    host.catalogue.added(run);
    await showResult(
      host,
      attention,
      (how) => openRunEditor(run, how),
      l10n.t('{0} is scored: {1} pictures in {2}.', jobName(job), summary.images, durationText(summary.seconds.total)),
    );
  } catch (error) {
    await showError(error, () => void scoreAndOpen(host, [folder], overrides));
  } finally {
    attention.dispose();
  }
}

/** Opens a run in its editor, as `openResult`. */
export const openRunEditor = (run: Uri, how: Showing = 'focused'): Thenable<unknown> =>
  openResult(run, 'musc.run', how);

/**
 * Offers jobs that a reload cut off. They stay remembered until the user has decided: a question that another reload takes away, or
 * that is only closed, comes again with the next window; one of a window in restricted mode comes once it is trusted.
 */
export async function offerInterrupted(host: Host): Promise<void> {
  const jobs = host.scoring.interrupted.earlier;
  if (jobs.length === 0) return;
  if (!workspace.isTrusted) {
    const granted = workspace.onDidGrantWorkspaceTrust(() => {
      granted.dispose();
      void offerInterrupted(host);
    });
    return;
  }
  const resume = l10n.t('Resume');
  const discard = l10n.t('Discard');
  const names = jobs.map(({ request }) => path.basename(request.folder)).join(', ');
  const chosen = await window.showInformationMessage(
    l10n.t('Scoring {0} was interrupted when the window closed.', names),
    resume,
    discard,
  );
  if (chosen !== resume && chosen !== discard) return;
  const left = host.scoring.interrupted.earlier.filter((job) => jobs.includes(job)); // others were done while it was asked
  await host.scoring.interrupted.forget(left.map(({ id }) => id));
  if (chosen !== resume) return;
  if (left.length === 0) void window.showInformationMessage(l10n.t('{0} was scored meanwhile.', names));
  await Promise.all(
    left.map(({ kind, request }) => {
      if (kind === 'bench') return resumeBenchmark(host, request);
      const { folder, ...rest } = request;
      return scoreAndOpen(host, [Uri.file(folder)], rest);
    }),
  );
}
