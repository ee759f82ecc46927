import path from 'node:path';
import {
  type Event,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  workspace,
} from 'vscode';
import { type Job, type JobQueue } from './job-queue';
import { jobName } from './job-reporter';
import { progressText } from './progress-text';
import type { RunCatalogue, ScoredFolder } from './run-catalogue';
import { headlineFigure, headlineNotes, type RunHeadline } from './run-headline';

export type RunsNode =
  | { readonly kind: 'folder'; readonly folder: ScoredFolder }
  | { readonly kind: 'run'; readonly run: RunHeadline }
  | { readonly kind: 'job'; readonly job: Job };

/** Ages grow: the view is drawn again this often, ms. */
const MINUTE = 60_000;

/** The Runs view: jobs at work, then scored folders with their runs. */
export class RunsView implements TreeDataProvider<RunsNode> {
  readonly #changed = new EventEmitter<RunsNode | undefined>();
  readonly onDidChangeTreeData: Event<RunsNode | undefined> = this.#changed.event;
  readonly #timer = setInterval(() => this.#changed.fire(undefined), MINUTE).unref();
  readonly #stop: (() => void)[];
  #beat: NodeJS.Timeout | undefined;

  constructor(
    private readonly catalogue: RunCatalogue,
    private readonly queue: JobQueue,
  ) {
    const listening = catalogue.onDidChange(() => this.#changed.fire(undefined));
    const soon = () => {
      this.#beat ??= setTimeout(() => {
        this.#beat = undefined;
        this.#changed.fire(undefined);
      }, 500);
    };
    this.#stop = [() => listening.dispose(), queue.onDidChange(soon)];
    catalogue.look();
  }

  dispose(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#beat);
    for (const stop of this.#stop) stop();
    this.#changed.dispose();
  }

  getChildren(node?: RunsNode): RunsNode[] {
    if (!node)
      return [
        ...this.queue.active.map((job) => ({ kind: 'job' as const, job })),
        ...this.catalogue.folders.map((folder) => ({ kind: 'folder' as const, folder })),
      ];
    return node.kind === 'folder' ? node.folder.runs.map((run) => ({ kind: 'run', run })) : [];
  }

  getTreeItem(node: RunsNode): TreeItem {
    switch (node.kind) {
      case 'folder':
        return folderItem(node.folder);
      case 'run':
        return runItem(node.run, this.#isOneOfSeveral(node.run));
      case 'job':
        return jobItem(node.job);
    }
  }

  /** Whether there is another run to compare it with. */
  #isOneOfSeveral(run: RunHeadline): boolean {
    return this.catalogue.runsOf(run.folder, run.root).length > 1;
  }
}

function folderItem({ folder, runs }: ScoredFolder): TreeItem {
  const item = new TreeItem(path.basename(folder.fsPath), TreeItemCollapsibleState.Expanded);
  item.id = folder.toString();
  const parent = path.dirname(workspace.asRelativePath(folder, true));
  item.description = parent === '.' ? '' : parent;
  item.tooltip = l10n.t('{0}, {1} runs', folder.fsPath, runs.length);
  item.iconPath = new ThemeIcon('folder');
  item.contextValue = 'folder';
  return item;
}

function runItem(run: RunHeadline, several: boolean): TreeItem {
  const figure = headlineFigure(run);
  const about = headlineNotes(run);
  const item = new TreeItem(figure, TreeItemCollapsibleState.None);
  item.id = run.uri.toString();
  item.description = about.join(' · ');
  item.iconPath = new ThemeIcon(run.problem === null ? 'graph-scatter' : 'warning');
  item.contextValue = run.problem !== null ? 'damaged' : several ? 'runOfSeveral' : 'run';
  item.tooltip = runTooltip(run);
  item.command = { command: 'musc.openRun', title: l10n.t('Open'), arguments: [{ kind: 'run', run }] };
  item.accessibilityInformation = { label: [figure, ...about].join(', ') };
  return item;
}

function runTooltip(run: RunHeadline): MarkdownString {
  const tooltip = new MarkdownString();
  tooltip.appendMarkdown('**').appendText(run.name).appendMarkdown('**');
  const lines =
    run.problem === null
      ? [
          run.createdAt.toLocaleString(),
          l10n.t('{0} pictures', run.images),
          run.backbone,
          l10n.t('protocol {0}', run.protocol),
        ]
      : [run.problem];
  for (const line of lines) tooltip.appendMarkdown('\n\n').appendText(line);
  return tooltip;
}

function jobItem(job: Job): TreeItem {
  const item = new TreeItem(jobName(job), TreeItemCollapsibleState.None);
  item.id = `job:${job.id}`;
  const running = job.state === 'running';
  item.description = running ? progressText(job.progress) : l10n.t('waiting');
  item.iconPath = new ThemeIcon(running ? 'sync~spin' : 'clock');
  item.contextValue = job.kind === 'score' ? 'scoreJob' : 'benchJob';
  item.tooltip = job.request.folder;
  if (job.kind === 'score')
    item.command = { command: 'musc.watchRun', title: l10n.t('Watch'), arguments: [{ kind: 'job', job }] };
  return item;
}
