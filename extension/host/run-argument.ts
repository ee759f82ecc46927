import { l10n, type QuickPickItem, TabInputCustom, Uri, window, workspace } from 'vscode';
import { readRun } from '../core/run/run-store';
import { ageText } from './age';
import type { Host } from './host';
import { folderAround, folderOfRun, headlineFigure, type RunHeadline } from './run-headline';
import type { RunsNode } from './runs-view';
import type { ScoreOverrides } from './scoring';

/** What a command is given: a file of the Explorer or an editor's title, a node of the runs view, or nothing (the palette). */
export type RunArgument = Uri | RunsNode | undefined;

/** The run that the user looks at, if it is the active editor. */
export function activeRun(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputCustom && input.viewType === 'musc.run' ? input.uri : undefined;
}

/** The folder that an argument means. */
export function folderOf(argument: RunArgument): Uri | undefined {
  if (argument instanceof Uri) return argument;
  switch (argument?.kind) {
    case 'folder':
      return argument.folder.folder;
    case 'run':
      return Uri.file(argument.run.folder);
    case 'job':
      return Uri.file(argument.job.request.folder);
    default:
      return undefined;
  }
}

/** The run that an argument means: itself, else the one looked at, else asked for. Undefined: the user left, or there is none. */
export async function chooseRun(host: Host, argument: RunArgument, placeholder: string): Promise<Uri | undefined> {
  if (argument instanceof Uri) return argument;
  if (argument?.kind === 'run') return argument.run.uri;
  return activeRun() ?? (await pickRun(host, placeholder))?.uri;
}

/** Asks for one of the known runs. */
export async function pickRun(
  host: Host,
  placeholder: string,
  accept: (run: RunHeadline) => boolean = () => true,
): Promise<RunHeadline | undefined> {
  await host.catalogue.refresh();
  const runs = host.catalogue.runs.filter((run) => run.problem === null && accept(run));
  if (runs.length === 0) {
    void window.showInformationMessage(l10n.t('There is no run yet.'));
    return undefined;
  }
  const items = runs.map((run): QuickPickItem & { run: RunHeadline } => ({
    label: workspace.asRelativePath(run.folder),
    description: [headlineFigure(run), run.backbone, ageText(run.createdAt, new Date())].join(' · '),
    run,
  }));
  return (await window.showQuickPick(items, { placeHolder: placeholder, matchOnDescription: true }))?.run;
}

/**
 * The folder and options that a run was made with; of one that can't be read the folder that it lies in, to be scored as the
 * settings say. Throws FILE_INVALID, FILE_IO where that isn't known either.
 */
export async function requestOf(file: Uri): Promise<{ folder: Uri; overrides: ScoreOverrides }> {
  const run = await readRun(file.fsPath).catch((error: unknown) => {
    if (folderAround(file.fsPath) === null) throw error;
    return null;
  });
  if (!run) return { folder: Uri.file(folderOfRun(file.fsPath, '.')), overrides: {} };
  const { backbone, taps, degrees, keep, rscin, subsets, seed, protocol, fit } = run.settings;
  const side = run.input.height === run.input.width ? run.input.height : null;
  return {
    folder: Uri.file(folderOfRun(file.fsPath, run.root)),
    overrides: {
      backbone,
      taps,
      degrees,
      keep,
      rscin,
      subsets,
      seed,
      protocol,
      fit,
      ...(side === null ? {} : { imageSize: side }),
      layout: run.dataset.layout,
    },
  };
}
