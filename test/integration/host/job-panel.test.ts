import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MuscError } from '../../../extension/core/errors';
import type { Host } from '../../../extension/host/host';
import { JobPanel } from '../../../extension/host/job-panel';
import { type Job, JobQueue, type JobRunners } from '../../../extension/host/job-queue';
import type { ProgressMessage } from '../../../extension/protocol/engine';
import type { HostMessage, PanelJob } from '../../../extension/protocol/panel';

interface FakePanel {
  readonly posted: HostMessage[];
  readonly roots: string[];
  disposed: boolean;
  /** Whether it is looked at. */
  active: boolean;
  ask(message: unknown): void;
}
const editor = vi.hoisted(() => ({ panels: [] as FakePanel[], commands: [] as unknown[][], openWhenDone: true }));
vi.mock('vscode', () => {
  const uri = (fsPath: string) => ({ fsPath, toString: () => `webview:${fsPath}` });
  const createWebviewPanel = () => {
    const gone: (() => void)[] = [];
    let receive: (message: unknown) => void = () => undefined;
    const panel: FakePanel = {
      posted: [],
      roots: [],
      disposed: false,
      active: false,
      ask: (message) => receive(message),
    };
    editor.panels.push(panel);
    return {
      title: 'Scoring nuts',
      webview: {
        set options({ localResourceRoots }: { localResourceRoots: { fsPath: string }[] }) {
          panel.roots.push(...localResourceRoots.map(({ fsPath }) => fsPath));
        },
        html: '',
        cspSource: 'self',
        asWebviewUri: (one: { fsPath: string }) => uri(one.fsPath),
        postMessage: (message: HostMessage) => panel.posted.push(message),
        onDidReceiveMessage: (listener: typeof receive) => ((receive = listener), { dispose: () => undefined }),
      },
      get active() {
        return panel.active;
      },
      reveal: () => undefined,
      onDidDispose: (listener: () => void) => gone.push(listener),
      dispose: () => {
        panel.disposed = true;
        for (const listener of gone) listener();
      },
    };
  };
  return {
    Uri: {
      file: uri,
      joinPath: ({ fsPath }: { fsPath: string }, ...parts: string[]) => uri([fsPath, ...parts].join('/')),
    },
    ViewColumn: { Active: -1 },
    StatusBarAlignment: {},
    ProgressLocation: {},
    l10n: { t: (text: string) => text },
    window: { createWebviewPanel, showErrorMessage: () => Promise.resolve(undefined) },
    workspace: { isTrusted: true, getConfiguration: () => ({ get: () => editor.openWhenDone }) },
    commands: { executeCommand: (...call: unknown[]) => (editor.commands.push(call), Promise.resolve()) },
  };
});

const FOLDER = path.resolve('/data/nuts');
const RUN = path.join(FOLDER, '.musc/runs/1/run.musc.json');
const step = (done: number, file?: string): ProgressMessage => ({
  stage: 'features',
  done,
  total: 3,
  secondsLeft: 2,
  ...(file === undefined ? {} : { item: file, file: path.join(FOLDER, file) }),
});

/** A queue whose one job does what the test says, and a host around it. */
function scene({ opens = true } = {}) {
  let report: (progress: ProgressMessage) => void = () => undefined;
  let finish: (summary: { run: string }) => void = () => undefined;
  const score = ((_request, { signal, progress }) =>
    new Promise<{ run: string }>((resolve, reject) => {
      report = progress;
      finish = resolve;
      signal.addEventListener('abort', () => reject(new MuscError('CANCELLED', 'cancelled')));
    })) as JobRunners['score'];
  const queue = new JobQueue({ score, bench: () => Promise.reject(new Error('none')) });
  const host = {
    extensionUri: { fsPath: '/extension' },
    cache: { fsPath: '/cache' },
    log: () => undefined,
    scoring: { queue },
    engines: {
      interactive: {
        call: (_method: string, { files }: { files: string[] }) =>
          Promise.resolve(
            files.map((f) =>
              f.endsWith('broken.png') ? { reason: 'cut off' } : { file: `/cache/${path.basename(f)}` },
            ),
          ),
      },
    },
  } as unknown as Host;
  const job = queue.add('score', { folder: FOLDER }, opens);
  job.result.catch(() => undefined);
  return { host, job, report: (progress: ProgressMessage) => report(progress), finish: () => finish({ run: RUN }) };
}

const running = (job: Job) => vi.waitFor(() => expect(job.state).toBe('running'), 20_000);
const last = (panel: FakePanel): PanelJob | null | undefined =>
  panel.posted.flatMap((m) => ('event' in m && m.event === 'job' ? [m.job] : [])).at(-1);

afterEach(() => {
  editor.panels.length = 0;
  editor.commands.length = 0;
  editor.openWhenDone = true;
});

describe('the panel of a run that is being made', () => {
  it('tells stage and progress, and shows the pictures read so far, those from before it was opened too', async () => {
    const { host, job, report, finish } = scene();
    await running(job);
    report(step(1, 'good/0.png'));
    report(step(2, 'good/broken.png'));
    JobPanel.show(job, host);
    const [panel] = editor.panels;
    expect(panel.roots).toEqual(['/extension/dist/webview', '/cache']);
    panel.ask({ id: 1, method: 'ready', params: {} });
    await vi.waitFor(() => expect(last(panel)?.pictures).toHaveLength(1), 20_000);
    expect(panel.posted[0]).toEqual({ id: 1, ok: true, result: { pending: { folder: FOLDER } } });
    expect(last(panel)).toMatchObject({ state: 'running', stage: 'features', done: 2, total: 3, secondsLeft: 2 });
    report(step(3, 'bad/1.png'));
    await vi.waitFor(
      () =>
        expect(last(panel)?.pictures).toEqual([
          { path: 'good/0.png', uri: 'webview:/cache/0.png' },
          { path: 'bad/1.png', uri: 'webview:/cache/1.png' },
        ]),
      20_000,
    );
    finish();
    await vi.waitFor(() => expect(panel.disposed).toBe(true), 20_000);
    expect(editor.commands).toEqual([]); // whoever scored the folder opens the run
  });

  it.each([
    ['by the settings', false, true],
    ['who started it, as through the API', true, false],
  ])('opens the run itself where nobody else does: %s', async (_, openWhenDone, opens) => {
    editor.openWhenDone = openWhenDone;
    const { host, job, finish } = scene({ opens });
    await running(job);
    JobPanel.show(job, host);
    finish();
    await vi.waitFor(() => expect(editor.panels[0].disposed).toBe(true), 20_000);
    expect(editor.commands).toMatchObject([['vscode.openWith', {}, 'musc.run', { background: true }]]);
  });

  it('gives way to the run where it is looked at, whatever waits', async () => {
    const { host, job, finish } = scene();
    await running(job);
    JobPanel.show(job, host);
    const [panel] = editor.panels;
    panel.active = true;
    finish();
    await vi.waitFor(() => expect(panel.disposed).toBe(true), 20_000);
    const [[, , , how]] = editor.commands;
    expect(how).toEqual({ preview: false, preserveFocus: true, background: false });
  });

  it('is opened once for a folder, cancels, and stays to say so', async () => {
    const { host, job } = scene();
    await running(job);
    JobPanel.show(job, host);
    JobPanel.show(job, host);
    expect(editor.panels).toHaveLength(1);
    const [panel] = editor.panels;
    panel.ask({ id: 1, method: 'command', params: { name: 'cancel' } });
    await vi.waitFor(() => expect(last(panel)?.state).toBe('cancelled'), 20_000);
    expect(panel.disposed).toBe(false);
  });

  it('answers what it cannot do with an error', async () => {
    const { host, job } = scene();
    await running(job);
    JobPanel.show({ ...job, request: { folder: '/elsewhere' } }, host);
    const [panel] = editor.panels;
    panel.ask({ id: 1, method: 'maps', params: { images: [0] } });
    panel.ask({ id: 2, method: 'command', params: { name: 'relink' } });
    panel.ask({ method: 'nonsense' });
    await vi.waitFor(
      () =>
        expect(panel.posted).toMatchObject([
          { id: 1, ok: false },
          { id: 2, ok: false },
        ]),
      20_000,
    );
  });
});
