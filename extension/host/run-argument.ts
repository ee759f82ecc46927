import { l10n, type QuickPickItem, type Tab, TabInputCustom, Uri, window, workspace } from 'vscode';
import type { Host } from './host';
import { headlineFigure, headlineNotes, isReadable, type RunHeadline } from './run-headline';
import type { RunsNode } from './runs-view';

/** What a command is given: a file of the Explorer or an editor's title, a node of the runs view, or nothing (the palette). */
export type RunArgument = Uri | RunsNode | undefined;

/** Which runs a command takes. */
interface Taken {
  /** Also those that can't be read. */
  readonly damaged?: boolean;
  /** Of those that it asks for. */
  readonly accept?: (run: RunHeadline) => boolean;
}

/** The run that a tab shows. */
export const runOfTab = (tab: Tab | undefined): Uri | undefined =>
  tab?.input instanceof TabInputCustom && tab.input.viewType === 'musc.run' ? tab.input.uri : undefined;

/** The run that the user looks at, if it is the active editor. */
export const activeRun = (): Uri | undefined => runOfTab(window.tabGroups.activeTabGroup.activeTab);

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

/** The run that an argument means: itself, else the one looked at, if it will do, else asked for. Undefined: the user left, or there is none. */
export async function chooseRun(
  host: Host,
  argument: RunArgument,
  placeholder: string,
  { damaged = false, accept = damaged ? () => true : isReadable }: Taken = {},
): Promise<Uri | undefined> {
  if (argument instanceof Uri) return argument;
  if (argument?.kind === 'run') return argument.run.uri;
  const active = activeRun();
  if (active && (damaged || !host.editor.documentOf(active)?.refusal)) return active;
  return (await pickRun(host, placeholder, accept))?.uri;
}

/** Asks for one of the known runs, those that can be opened if nothing else is said; says `none` where there is nothing to choose from. */
export async function pickRun(
  host: Host,
  placeholder: string,
  accept: (run: RunHeadline) => boolean = isReadable,
  none = l10n.t('There is no run yet.'),
): Promise<RunHeadline | undefined> {
  await host.catalogue.refresh();
  const runs = host.catalogue.runs.filter(accept);
  if (runs.length === 0) {
    void window.showInformationMessage(none);
    return undefined;
  }
  const items = runItems(runs);
  return (await window.showQuickPick(items, { placeHolder: placeholder, matchOnDescription: true }))?.run;
}

/** Runs as they are offered: folder, figure, and what tells them apart. */
export const runItems = (runs: readonly RunHeadline[]): (QuickPickItem & { run: RunHeadline })[] =>
  runs.map((run) => ({
    label: workspace.asRelativePath(run.folder),
    description: [headlineFigure(run), ...headlineNotes(run)].join(' · '),
    run,
  }));
