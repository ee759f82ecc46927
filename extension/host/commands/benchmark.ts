import path from 'node:path';
import { commands, env, l10n, ThemeIcon, Uri, window, workspace } from 'vscode';
import { BENCH_SUFFIX } from '../../core/benchmark/bench-store';
import { MuscError, toMuscError } from '../../core/errors';
import { benchKey } from '../../core/pipeline/bench-key';
import { BENCH_FORMATS, type BenchFormat } from '../../protocol/bench-metrics';
import { DATASET_PAGES } from '../../protocol/dataset-pages';
import { Attention } from '../attention';
import { activeBenchmark, BenchEditor } from '../bench-editor';
import { askBenchmark } from '../benchmark-options';
import { benchmarkItems, findBenchmarks } from '../find-benchmarks';
import type { Host } from '../host';
import { inTurn } from '../in-turn';
import type { JobRequest } from '../job-queue';
import { jobName } from '../job-reporter';
import { lastBenchmark } from '../last-benchmark';
import { errorText, showError } from '../messages';
import { pickFolder } from '../pick-folder';
import { folderOf, type RunArgument } from '../run-argument';
import type { BenchOverrides } from '../scoring';
import { openResult, showResult } from '../show-result';

/** Run Benchmark...: data set, categories and protocol, then every category a run, and the table of all. */
export async function runBenchmark(host: Host, argument?: RunArgument): Promise<void> {
  const root =
    folderOf(argument) ??
    (await pickFolder({
      title: l10n.t('Run Benchmark'),
      placeHolder: l10n.t('The root of a data set: a folder that holds its categories'),
      openLabel: l10n.t('Use This Folder'),
    }));
  if (!root) return;
  try {
    if (!workspace.isTrusted)
      throw new MuscError('UNTRUSTED', l10n.t('this workspace is not trusted'), {
        where: root.fsPath,
        hint: l10n.t('trust it to score its pictures'),
      });
    const options = await inTurn(() => askBenchmark(host.engines.interactive, root));
    if (options) await benchmarkAndOpen(host, root, options);
  } catch (error) {
    await explain(host, error);
  }
}

/** Queues a benchmark and opens its document when done, as `showResult`. One that was stopped can be gone on with. */
export async function benchmarkAndOpen(host: Host, root: Uri, options: BenchOverrides): Promise<void> {
  let kept = options.resume === true; // one begun anew has a document of its own from its first run on: before, an old one would be gone on with
  const resume = () => void benchmarkAndOpen(host, root, { ...options, resume: kept });
  const attention = new Attention();
  try {
    const job = await host.scoring.startBenchmark(root, options);
    job.result.then(
      () => undefined,
      (error: MuscError) =>
        error.code === 'CANCELLED' && job.progress ? offerResume(jobName(job), resume) : undefined,
    );
    // Each as it is written: those of a benchmark that is stopped, or fails, stay.
    const stop = host.scoring.queue.onDidChange(({ id, progress }) => {
      if (id !== job.id || progress?.run === undefined) return;
      kept = true;
      host.catalogue.added(Uri.file(progress.run));
    });
    const { file, runs, categories, failed } = await job.result.finally(() => {
      stop();
      host.catalogue.look();
    });
    host.catalogue.added(...runs.map((run) => Uri.file(run)));
    await showResult(
      host,
      attention,
      (how) => openResult(Uri.file(file), BenchEditor.viewType, how),
      failed === 0
        ? l10n.t('The benchmark of {0} is done.', jobName(job))
        : l10n.t('The benchmark of {0} has ended: {1} of {2} categories failed.', jobName(job), failed, categories),
    );
  } catch (error) {
    await explain(host, error, resume);
  } finally {
    attention.dispose();
  }
}

/** Goes on with a benchmark that a reload cut off: one begun anew only with a document that isn't finished, which may be its own. */
export async function resumeBenchmark(host: Host, { folder, ...options }: JobRequest): Promise<void> {
  const root = Uri.file(folder);
  const resume = options.resume === true || !(await isFinished(host, { ...options, folder }));
  await benchmarkAndOpen(host, root, { ...options, resume });
}

/** Whether the newest benchmark of a request has all of its categories. Where that can't be told, the engine says why. */
async function isFinished({ engines }: Host, request: JobRequest): Promise<boolean> {
  const { folder, out } = request;
  try {
    const { layout, categories } = await engines.interactive.call('categories', { folder, layout: request.layout });
    const names = request.categories ?? categories.map(({ name }) => name);
    const last = await lastBenchmark({ root: folder, layout }, out, benchKey(request), names);
    return last !== null && last.done === names.length;
  } catch {
    return false;
  }
}

/** Open Benchmark as Text: the JSON behind it. */
export async function openBenchmarkAsText(_host: Host, argument?: RunArgument): Promise<void> {
  const file = argument instanceof Uri ? argument : activeBenchmark();
  if (file) await commands.executeCommand('vscode.openWith', file, 'default');
}

/** Export Benchmark...: of the Explorer (all that are selected, a sheet each in Excel), the editor, or files asked for; then the format. */
export async function exportBenchmark(
  host: Host,
  argument?: RunArgument,
  selected: readonly unknown[] = [],
): Promise<void> {
  const clicked = argument instanceof Uri ? argument : activeBenchmark();
  const chosenFiles = selected.filter((item): item is Uri => item instanceof Uri && item.path.endsWith(BENCH_SUFFIX));
  const files = chosenFiles.length > 1 ? chosenFiles : clicked ? [clicked] : await askDocuments();
  if (files.length === 0) return;
  const names: Readonly<Record<BenchFormat, string>> = {
    csv: 'CSV',
    md: 'Markdown',
    tex: 'LaTeX',
    xlsx: 'Excel',
    html: 'HTML',
  };
  const about: Readonly<Record<BenchFormat, string>> = {
    csv: l10n.t('ours, published and difference, one category a line'),
    md: l10n.t('a table for a README or an issue'),
    tex: l10n.t('a table for a paper'),
    xlsx: l10n.t('one sheet a data set'),
    html: l10n.t('a report in one file'),
  };
  const items = BENCH_FORMATS.map((format) => ({ label: names[format], description: about[format], format }));
  const chosen = await window.showQuickPick(items, { placeHolder: l10n.t('Export as'), matchOnDescription: true });
  if (chosen) await exportBenchmarkAs(host, files, chosen.format);
}

/** Exports benchmarks (a data set each) in one format to a file that the user chooses. */
export async function exportBenchmarkAs(host: Host, files: readonly Uri[], format: BenchFormat): Promise<void> {
  const [file] = files;
  const name = files.length > 1 ? 'benchmarks' : path.basename(file.fsPath, BENCH_SUFFIX);
  const out = await window.showSaveDialog({
    title: l10n.t('Export Benchmark'),
    defaultUri: Uri.file(path.join(path.dirname(file.fsPath), `${name}.${format}`)),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (!out) return;
  try {
    await host.engines.interactive.call('exportBench', {
      files: files.map(({ fsPath }) => fsPath),
      format,
      out: out.fsPath,
    });
    const open = l10n.t('Show');
    const chosen = await window.showInformationMessage(l10n.t('Exported to {0}.', out.fsPath), open);
    if (chosen === open) await commands.executeCommand('vscode.open', out);
  } catch (error) {
    await showError(error, () => void exportBenchmarkAs(host, files, format));
  }
}

/** Asks for benchmarks: one of those that are found, or any by the dialog, which takes several. */
async function askDocuments(): Promise<readonly Uri[]> {
  const found = await findBenchmarks();
  if (found.length === 0) return openDialog();
  const browse = { label: l10n.t('Browse...'), iconPath: new ThemeIcon('folder-opened'), alwaysShow: true };
  const chosen = await window.showQuickPick([...benchmarkItems(found), browse], {
    placeHolder: l10n.t('Which benchmark to export?'),
    matchOnDescription: true,
  });
  if (!chosen) return [];
  return 'uri' in chosen ? [chosen.uri] : openDialog();
}

async function openDialog(): Promise<readonly Uri[]> {
  const chosen = await window.showOpenDialog({
    canSelectMany: true,
    title: l10n.t('Which benchmark to export?'),
    openLabel: l10n.t('Export'),
    filters: { [l10n.t('Benchmarks')]: ['musc-bench.json'] },
    defaultUri: workspace.workspaceFolders?.[0]?.uri,
  });
  return chosen ?? [];
}

async function offerResume(name: string, resume: () => void): Promise<void> {
  const goOn = l10n.t('Resume');
  const text = l10n.t('The benchmark of {0} was stopped. Finished categories are kept.', name);
  if ((await window.showInformationMessage(text, goOn)) === goOn) resume();
}

/** What went wrong; a folder that is no data set gets the way to those that are. */
async function explain(host: Host, thrown: unknown, retry?: () => void): Promise<void> {
  const error = toMuscError(thrown);
  if (error.code !== 'DATASET_UNCLEAR') return showError(error, retry);
  const other = l10n.t('Choose Another Folder');
  const sources = l10n.t('Where to Get Data Sets');
  const chosen = await window.showErrorMessage(errorText(error), other, sources);
  if (chosen === other) await runBenchmark(host);
  else if (chosen === sources) await openDatasetPage();
}

/** Asks which data set, and opens its authors' page in the browser. Nothing is downloaded by us. */
async function openDatasetPage(): Promise<void> {
  const items = DATASET_PAGES.map(({ name, licence, about, page }) => ({
    label: name,
    description: licence,
    detail: about,
    page,
  }));
  const chosen = await window.showQuickPick(items, { placeHolder: l10n.t("Opens the authors' page in the browser") });
  if (chosen) await env.openExternal(Uri.parse(chosen.page));
}
