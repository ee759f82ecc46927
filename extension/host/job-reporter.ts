import path from 'node:path';
import {
  commands,
  type Disposable,
  l10n,
  MarkdownString,
  ProgressLocation,
  StatusBarAlignment,
  type StatusBarItem,
  window,
} from 'vscode';
import type { Job, JobQueue } from './job-queue';
import { durationText, progressPercent, progressText, shortProgress } from './progress-text';

/** Shortest time between two updates on the screen, ms. */
const BEAT = 150;

/** Shows the queue: a notification for the job that runs, the status bar for all of them, context keys for the menus. */
export class JobReporter implements Disposable {
  readonly #status: StatusBarItem;
  readonly #stop: () => void;
  readonly #notified = new Set<number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly queue: JobQueue) {
    this.#status = window.createStatusBarItem('musc.jobs', StatusBarAlignment.Left, 10);
    this.#status.name = l10n.t('MuSc runs');
    this.#status.command = 'musc.watchRun';
    this.#stop = queue.onDidChange((job) => this.#changed(job));
    this.#update(); // the menus may still know of jobs of a host that is gone
  }

  dispose(): void {
    this.#stop();
    clearTimeout(this.#timer);
    this.#status.dispose();
  }

  #changed(job: Job): void {
    if (job.state === 'running' && !this.#notified.has(job.id)) {
      this.#notified.add(job.id);
      void this.#notify(job);
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#update();
    }, BEAT);
  }

  #update(): void {
    const { active } = this.queue;
    void commands.executeCommand('setContext', 'musc.running', active.length > 0);
    const running = active.find((job) => job.state === 'running');
    if (!running) return this.#status.hide();
    const name = jobName(running);
    const waiting = active.length - 1;
    this.#status.text = `$(sync~spin) ${statusText(running)}`;
    const tooltip = new MarkdownString('', true);
    tooltip.isTrusted = { enabledCommands: ['musc.watchRun', 'musc.cancelRun', 'musc.showLog'] };
    tooltip.appendText(`${name}: ${progressText(running.progress)}`);
    if (waiting > 0) tooltip.appendText(`\n${l10n.t('{0} more waiting', waiting)}`);
    tooltip.appendMarkdown(
      `\n\n[${l10n.t('Watch')}](command:musc.watchRun) | [${l10n.t('Cancel')}](command:musc.cancelRun) | [${l10n.t('Show Log')}](command:musc.showLog)`,
    );
    this.#status.tooltip = tooltip;
    this.#status.accessibilityInformation = { label: `${name}: ${progressText(running.progress)}` };
    this.#status.show();
  }

  async #notify(job: Job): Promise<void> {
    await window.withProgress(
      { location: ProgressLocation.Notification, title: jobTitle(job), cancellable: true },
      async (report, token) => {
        token.onCancellationRequested(() => job.cancel());
        let shown = 0; // percent
        let last = '';
        const show = () => {
          const percent = progressPercent(job.progress);
          const waiting = this.queue.active.length - 1;
          const message =
            waiting > 0
              ? l10n.t('{0} ({1} more waiting)', progressText(job.progress), waiting)
              : progressText(job.progress);
          if (message !== last || percent > shown) report.report({ message, increment: Math.max(0, percent - shown) });
          last = message;
          shown = Math.max(shown, percent);
        };
        show();
        const timer = setInterval(show, BEAT);
        await job.result.catch(() => undefined);
        clearInterval(timer);
      },
    );
    this.#notified.delete(job.id);
  }
}

function jobTitle(job: Job): string {
  switch (job.kind) {
    case 'score':
      return l10n.t('Scoring {0}', jobName(job));
    case 'bench':
      return l10n.t('Benchmark of {0}', jobName(job));
  }
}

/** Characters of a name that the status bar has room for. */
const NAME = 24;

/**
 * A job as short as the status bar needs it: "hazelnut: Reading 34/51", "hazelnut: Comparing 25 % · 12 s left"; of a benchmark with its
 * category, "mvtec 2/15: Reading 34/51". Time left is that of the stage, so it is told only in a run's last long one: before it, and of a
 * category among several, much more is to come.
 */
export function statusText(job: Job): string {
  const { progress } = job;
  const name = jobName(job);
  const short = name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name;
  const of = progress?.part ? `${short} ${progress.part.index + 1}/${progress.part.count}` : short;
  const left = (progress?.stage === 'scoring' && !progress.part && progress.secondsLeft) || 0;
  const text = `${of}: ${shortProgress(progress)}`;
  return left >= 1 ? `${text} · ${l10n.t('{0} left', durationText(left))}` : text;
}

/** A job for people: its folder's name. */
export const jobName = (job: Job): string => path.basename(job.request.folder);
