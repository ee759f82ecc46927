import path from 'node:path';
import { l10n, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { MuscError } from '../core/errors';
import type { PanelRequest } from '../protocol/panel';
import { openRunEditor, scoreAndOpen } from './commands/score';
import type { Host } from './host';
import type { Job } from './job-queue';
import { jobName } from './job-reporter';
import { JobPictures } from './job-pictures';
import { panelJobOf } from './panel-job';
import { PanelCalls, type PanelHandlers } from './panel-calls';
import { panelPage } from './panel-page';
import { lenientSetting } from './settings';
import { pageTexts } from './texts';

/** Jobs report often; the panel needs it this often, ms. */
const BEAT = 150;
/** Longest side of the pictures shown, px. */
const SIZE = 256;
const open = new Map<string, JobPanel>();

/**
 * The panel of a run that is being made: stages, speed, time left, the pictures as they are read. It follows its folder: another
 * try takes its place, and the run does when it is there.
 */
export class JobPanel {
  readonly #calls: PanelCalls;
  readonly #pictures: JobPictures;
  readonly #stop: () => void;
  #beat: NodeJS.Timeout | undefined;

  /** Shows the panel of a job, the one that is open already if there is one. */
  static show(job: Job<'score'>, host: Host): void {
    const { folder } = job.request;
    const known = open.get(folder);
    if (known) return known.panel.reveal();
    const title = l10n.t('Scoring {0}', jobName(job));
    const panel = window.createWebviewPanel('musc.job', title, ViewColumn.Active, { enableScripts: true });
    open.set(folder, new JobPanel(panel, job, host));
  }

  private constructor(
    private readonly panel: WebviewPanel,
    private job: Job<'score'>,
    private readonly host: Host,
  ) {
    const { webview } = panel;
    const dist = Uri.joinPath(host.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [dist, host.cache] };
    this.#calls = new PanelCalls(webview, this.#handlers, host.log);
    this.#pictures = new JobPictures(
      (files, signal) =>
        host.engines.interactive.call(
          'thumbnails',
          { files: [...files], size: SIZE, cache: host.cache.fsPath, protocol: this.job.request.protocol ?? 'exact' },
          { signal },
        ),
      () => this.#tell(),
    );
    this.#stop = host.scoring.queue.onDidChange((changed) => this.#changed(changed));
    panel.onDidDispose(() => this.#dispose());
    webview.html = panelPage({
      script: webview.asWebviewUri(Uri.joinPath(dist, 'panel.js')).toString(),
      source: webview.cspSource,
      texts: pageTexts(),
      title: panel.title,
    });
  }

  readonly #handlers: PanelHandlers = {
    ready: () => {
      setTimeout(() => this.#tell(), 0); // after the answer
      return { pending: { folder: this.job.request.folder } };
    },
    command: ({ name }) => {
      this.#do(name);
      return null;
    },
    saveView: () => null,
  };

  #do(name: PanelRequest<'command'>['name']): void {
    const { folder, ...request } = this.job.request;
    switch (name) {
      case 'cancel':
        return this.job.cancel();
      case 'scoreAgain':
        return void scoreAndOpen(this.host, [Uri.file(folder)], request);
      case 'showLog':
        return this.host.channel.show();
      default:
        throw new MuscError('USAGE', `nothing to do for ${name} before there is a run`);
    }
  }

  #changed(job: Job): void {
    if (job.kind !== 'score' || job.request.folder !== this.job.request.folder) return;
    if (job !== this.job && (this.job.state === 'queued' || this.job.state === 'running')) return; // its turn comes
    this.job = job as Job<'score'>;
    if (job.state === 'done') return void this.#makeRoom();
    if (job.state !== 'running') return this.#tell();
    this.#beat ??= setTimeout(() => this.#tell(), BEAT);
  }

  /** The run is there, and opens: in the place of a panel that is looked at, else by who scored the folder, or as a tab. */
  async #makeRoom(): Promise<void> {
    const { active } = this.panel;
    const { run } = await this.job.result;
    const openedThere = this.job.opens && lenientSetting('openWhenDone', this.host.log);
    if (active || !openedThere) await openRunEditor(Uri.file(run), active ? 'front' : 'aside');
    this.panel.dispose();
  }

  #tell(): void {
    clearTimeout(this.#beat);
    this.#beat = undefined;
    const { folder } = this.job.request;
    const { webview } = this.panel;
    this.#pictures.want(this.job.read);
    const pictures = this.#pictures.shown.map(({ file, thumbnail }) => ({
      path: path.relative(folder, file).replaceAll(path.sep, '/'),
      uri: webview.asWebviewUri(Uri.file(thumbnail)).toString(),
    }));
    this.#calls.post({ event: 'job', job: { ...panelJobOf(this.job), pictures } });
  }

  #dispose(): void {
    open.delete(this.job.request.folder);
    clearTimeout(this.#beat);
    this.#stop();
    this.#pictures.dispose();
    this.#calls.dispose();
  }
}
