import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { cancelled } from '../../../extension/core/errors';
import { cancelRun } from '../../../extension/host/commands/runs';
import { watchRun } from '../../../extension/host/commands/watch';
import type { Host } from '../../../extension/host/host';
import { JobPanel } from '../../../extension/host/job-panel';
import { JobQueue, type JobRunners } from '../../../extension/host/job-queue';
import { JobReporter } from '../../../extension/host/job-reporter';
import type { ProgressMessage, ScoreSummary } from '../../../extension/protocol/engine';

interface Tooltip {
  readonly value: string;
  isTrusted?: { readonly enabledCommands: readonly string[] };
}
/** The editor: its status bar, the commands that were called, and what its user picks. */
const editor = vi.hoisted(() => ({
  item: { shown: false, text: '', command: '', tooltip: { value: '' } as Tooltip, gone: false },
  context: {} as Record<string, unknown>,
  commands: [] as string[],
  notified: [] as string[],
  pick: undefined as string | undefined,
}));
vi.mock('vscode', () => ({
  Uri: { file: (fsPath: string) => ({ fsPath }) },
  StatusBarAlignment: { Left: 1 },
  ProgressLocation: { Notification: 15 },
  ViewColumn: { Active: -1 },
  MarkdownString: class {
    value = '';
    appendText = (text: string) => (this.value += text);
    appendMarkdown = (text: string) => (this.value += text);
  },
  l10n: {
    t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])),
  },
  commands: {
    executeCommand: (name: string, key?: string, value?: unknown) => {
      if (name === 'setContext') editor.context[String(key)] = value;
      else editor.commands.push(name);
      return Promise.resolve();
    },
  },
  workspace: { isTrusted: true },
  window: {
    createStatusBarItem: () =>
      Object.assign(editor.item, {
        show: () => (editor.item.shown = true),
        hide: () => (editor.item.shown = false),
        dispose: () => (editor.item.gone = true),
      }),
    withProgress: ({ title }: { title: string }, work: (report: object, token: object) => Promise<unknown>) => {
      editor.notified.push(title);
      return work({ report: () => undefined }, { onCancellationRequested: () => undefined });
    },
    showQuickPick: (items: readonly { label: string }[]) =>
      Promise.resolve(items.find(({ label }) => label === editor.pick)),
  },
}));

/** A queue that its reporter shows; its jobs run until they are cancelled or `end`ed. */
function scene() {
  let tell: (progress: ProgressMessage) => void = () => undefined;
  let end: () => void = () => undefined;
  const run = (_: unknown, { signal, progress }: Parameters<JobRunners['score']>[1]) => {
    tell = progress;
    return new Promise<never>((resolve, reject) => {
      end = () => resolve({} as ScoreSummary as never);
      if (signal.aborted) reject(cancelled());
      signal.addEventListener('abort', () => reject(cancelled()));
    });
  };
  const queue = new JobQueue({ score: run, bench: run });
  const reporter = new JobReporter(queue);
  const host = { scoring: { queue } } as unknown as Host;
  return { queue, reporter, host, tell: (step: ProgressMessage) => tell(step), end: () => end() };
}
const step = (changes: Partial<ProgressMessage> = {}): ProgressMessage => ({
  stage: 'features',
  done: 34,
  total: 51,
  secondsLeft: 12,
  ...changes,
});
const folder = (name: string) => ({ folder: path.resolve('/data', name) });
const shows = (text: string) =>
  vi.waitFor(() => expect([editor.item.shown, editor.item.text]).toEqual([true, text]), 20_000);
const hides = () =>
  vi.waitFor(() => expect([editor.item.shown, editor.context['musc.running']]).toEqual([false, false]), 20_000);

beforeEach(() => {
  Object.assign(editor, { context: {}, commands: [], notified: [], pick: undefined });
  Object.assign(editor.item, { shown: false, text: '', gone: false });
});

it('the menus of a new host know of no job, whatever the last one has told them', () => {
  editor.context['musc.running'] = true;
  const { reporter } = scene();
  expect(editor.context['musc.running']).toBe(false);
  reporter.dispose();
});

describe('the status bar', () => {
  it('shows count and time of the job that runs, its stage in the tooltip, and hides when it is done', async () => {
    const { queue, reporter, tell, end } = scene();
    const { result } = queue.add('score', folder('nuts'));
    await shows('$(sync~spin) nuts: Starting');
    expect([editor.context['musc.running'], editor.notified]).toEqual([true, ['Scoring nuts']]);
    tell(step());
    await shows('$(sync~spin) nuts: Reading 34/51');
    expect(editor.item.tooltip.value).toContain('nuts: Reading pictures, 34 of 51, 12 s left');
    tell(step({ stage: 'scoring', done: 1, secondsLeft: 90 }));
    await shows('$(sync~spin) nuts: Comparing 1 % · 2 min left');
    expect(editor.item.tooltip.value).toContain('nuts: Comparing pictures, 1 %, 2 min left');
    end();
    await result;
    await hides();
    reporter.dispose();
    expect(editor.item.gone).toBe(true);
  });

  it('offers in its tooltip to watch, to cancel and to read the log, and says how many wait', async () => {
    const { queue, reporter, tell } = scene();
    const jobs = ['nuts', 'bolts'].map((name) => queue.add('score', folder(name)));
    await shows('$(sync~spin) nuts: Starting');
    tell(step());
    await shows('$(sync~spin) nuts: Reading 34/51');
    const { value, isTrusted } = editor.item.tooltip;
    expect(value).toContain('1 more waiting');
    const offered = [...value.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command);
    expect(offered).toEqual(['musc.watchRun', 'musc.cancelRun', 'musc.showLog']);
    expect(isTrusted?.enabledCommands).toEqual(offered);
    queue.cancelAll();
    await Promise.allSettled(jobs.map(({ result }) => result));
    await hides();
    reporter.dispose();
  });

  it('opens with a click what runs, whatever waits: the panel of a run; of a benchmark, the view of runs', async () => {
    const { queue, reporter, host } = scene();
    const show = vi.spyOn(JobPanel, 'show').mockReturnValue(undefined);
    expect(editor.item.command).toBe('musc.watchRun');
    const bench = queue.add('bench', folder('mvtec'));
    await watchRun(host);
    expect([show.mock.calls, editor.commands]).toEqual([[], ['musc.runs.focus']]);
    const [nuts, bolts] = ['nuts', 'bolts'].map((name) => queue.add('score', folder(name)));
    await shows('$(sync~spin) mvtec: Starting');
    await watchRun(host);
    expect([show.mock.calls, editor.commands]).toEqual([[], ['musc.runs.focus', 'musc.runs.focus']]);
    await watchRun(host, { kind: 'job', job: bolts }); // of the view
    bench.cancel();
    await bench.result.catch(() => undefined);
    await shows('$(sync~spin) nuts: Starting');
    await watchRun(host);
    expect(show.mock.calls.map(([job]) => job)).toEqual([bolts, nuts]);
    queue.cancelAll();
    await Promise.allSettled([nuts.result, bolts.result]);
    reporter.dispose();
  });

  it('cancels the only job at once, and asks which of several', async () => {
    const { queue, reporter, host } = scene();
    const only = queue.add('score', folder('nuts'));
    await cancelRun(host);
    await expect(only.result).rejects.toMatchObject({ code: 'CANCELLED' });
    await hides();
    const [first, second, third] = ['a', 'b', 'c'].map((name) => queue.add('score', folder(name)));
    await cancelRun(host); // the list is left
    editor.pick = 'b';
    await cancelRun(host);
    await expect(second.result).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(queue.active).toEqual([first, third]);
    editor.pick = 'All of them';
    await cancelRun(host);
    await Promise.allSettled([first.result, third.result]);
    expect([first.state, third.state, queue.active]).toEqual(['cancelled', 'cancelled', []]);
    reporter.dispose();
  });
});
