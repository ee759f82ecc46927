import { type Disposable, l10n, Uri, type WebviewPanel, workspace } from 'vscode';
import { MuscError, toMuscError } from '../core/errors';
import { mapRange } from '../core/run/map-range';
import { sharedWork, untilAborted } from '../core/shared-work';
import type { MapRange } from '../protocol/heat-scale';
import type { PanelResults, PanelSnapshot } from '../protocol/panel';
import { runPanelCommand } from './commands/panel';
import type { Host } from './host';
import type { Job } from './job-queue';
import { errorText } from './messages';
import { panelJobOf } from './panel-job';
import { PanelCalls, type PanelHandlers } from './panel-calls';
import { otherMaps, otherRun, otherRuns } from './other-runs';
import {
  checkPictures,
  isJobOf,
  type OpenRun,
  pictureFile,
  picturesAllowed,
  readMapsOf,
  requirePictures,
} from './open-run';
import { panelPage } from './panel-page';
import type { RunDocument } from './run-document';
import { panelSettings } from './settings';
import { pageTexts } from './texts';

/** Most pictures that are looked for before the first answer; those of larger runs after it. */
const CHECK_FIRST = 1000;
/** Largest view state kept for a panel, characters of JSON. */
const VIEW_LIMIT = 100_000;
/** Jobs report often; the panel needs it this often, ms. */
const BEAT = 150;

type PicturesNow = PanelResults['checkPictures'];
/** Of a large run at first. */
const UNCHECKED: PicturesNow = { missing: [], changed: [] };

const isResumable = (job: Job): job is Job<'score'> =>
  job.kind === 'score' && (job.state === 'failed' || job.state === 'cancelled');

/** One panel showing one run: answers its requests, tells it what changes elsewhere. Every message is checked before use. */
export class PanelSession {
  readonly #disposables: Disposable[] = [];
  readonly #calls: PanelCalls;
  #job: NodeJS.Timeout | undefined;
  /** Ends what goes on for the run that is shown while no page waits for it. */
  #shown = new AbortController();
  /** Its pixels' curves. A page that leaves the tab that shows them finds them, or their measurement under way, when it comes back. */
  #pixelCurves: (() => Promise<PanelResults['pixelCurves']>) | null = null;
  /** The page that asked for the run last; null: one that is hidden is gone, and another comes when it is shown. */
  #page: object | null = null;
  /** The page that knows the run. */
  #knowing: object | null = null;
  /** The last job of these pictures, if it failed or was cancelled: it can be resumed. */
  #ended: Job<'score'> | null = null;

  constructor(
    readonly document: RunDocument,
    private readonly panel: WebviewPanel,
    private readonly host: Host,
  ) {
    this.#calls = new PanelCalls(panel.webview, this.#handlers, host.log);
    this.#disposables.push(
      this.#calls,
      document.onDidChange((change) => void (change === 'run' ? this.#show() : this.#tellLabels(change === 'step'))),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('musc.panel'))
          this.#calls.post({ event: 'settings', settings: panelSettings(this.host.log) });
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.#show()),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#page = null;
      }),
      { dispose: host.scoring.queue.onDidChange((job) => this.#jobChanged(job)) },
    );
    this.#show();
  }

  /** Opens the compare view of the panel with another run of the folder. */
  compare(run: string): void {
    this.#calls.post({ event: 'compare', run });
  }

  /** Whether the user is in this panel. */
  get isActive(): boolean {
    return this.panel.active;
  }

  /** Has the page export the run, with the threshold and the heat that it shows. False: it is not in sight. */
  exportShown(): boolean {
    const knows = this.#page !== null && this.#page === this.#knowing;
    if (knows) this.#calls.post({ event: 'export' });
    return knows;
  }

  dispose(): void {
    clearTimeout(this.#job);
    this.#shown.abort();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** (Re)builds the page: roots and content follow the run. */
  #show(): void {
    this.#calls.forget();
    this.#shown.abort();
    this.#shown = new AbortController();
    this.#pixelCurves = null;
    this.#page = null;
    const { webview } = this.panel;
    const dist = Uri.joinPath(this.host.extensionUri, 'dist', 'webview');
    const { opened } = this.document;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [
        dist,
        this.host.cache,
        ...(opened
          ? [Uri.joinPath(this.document.uri, '..'), ...(picturesAllowed(opened) ? [Uri.file(opened.root)] : [])]
          : []),
      ],
    };
    webview.html = panelPage({
      script: webview.asWebviewUri(Uri.joinPath(dist, 'panel.js')).toString(),
      source: webview.cspSource,
      texts: pageTexts(),
      title: opened?.run.name ?? l10n.t('Run'),
    });
  }

  readonly #handlers: Required<PanelHandlers> = {
    ready: () => this.#ready(),
    thumbnails: async ({ images, size }, signal) => {
      const named = await Promise.all(images.map(async (image) => ({ image, file: await this.#tryFile(image) })));
      const files = named.flatMap(({ file }) => ('path' in file ? [file.path] : []));
      const made = await this.host.engines.interactive.call(
        'thumbnails',
        { files, size, cache: this.host.cache.fsPath, protocol: this.#opened.run.settings.protocol },
        { signal },
      );
      let next = 0;
      return named.map(({ image, file }) => {
        if ('reason' in file) return { image, uri: null, reason: file.reason };
        const one = made[next++];
        return 'file' in one ? { image, uri: this.#uri(one.file) } : { image, uri: null, reason: one.reason };
      });
    },
    picture: async ({ image }, signal) => {
      const copy = await this.host.engines.interactive.call(
        'displayCopy',
        {
          file: await this.#file(image),
          cache: this.host.cache.fsPath,
          protocol: this.#opened.run.settings.protocol,
        },
        { signal },
      );
      return { uri: this.#uri(copy.file), width: copy.width, height: copy.height };
    },
    maps: ({ images }) => readMapsOf(this.#opened, images),
    mask: async ({ image }, signal) => {
      // The engine would read the run's file to know that there is none.
      if (this.#opened.run.images[image]?.mask === null) return null;
      requirePictures(this.#opened);
      const run = this.document.uri.fsPath;
      return this.host.engines.interactive.call('mask', { run, image, longest: 1024 }, { signal });
    },
    neighbours: async (params, signal) => {
      requirePictures(this.#opened);
      await this.host.scoring.requireConsent(this.#opened.run.settings.backbone, signal);
      const found = await this.host.engines.interactive.call(
        'neighbours',
        { run: this.document.uri.fsPath, ...params, models: this.host.backbones.folder },
        { signal },
      );
      return [...found];
    },
    pixelCurves: (_, signal) => {
      requirePictures(this.#opened);
      this.#pixelCurves ??= this.#measuring();
      return untilAborted(this.#pixelCurves(), signal);
    },
    editLabels: ({ changes }) => {
      this.document.editLabels(
        changes,
        changes.length === 1 ? l10n.t('Label picture') : l10n.t('Label {0} pictures', changes.length),
      );
      return null;
    },
    command: async (request) => {
      await runPanelCommand(this.host, this.document, request, this.#ended);
      return null;
    },
    dismissJob: () => {
      this.#ended = null;
      return null;
    },
    saveView: async ({ view }) => {
      if ((JSON.stringify(view)?.length ?? 0) <= VIEW_LIMIT) await this.host.memento.update(this.#viewKey, view);
      return null;
    },
    checkPictures: () => checkPictures(this.#opened),
    otherRuns: () => otherRuns(this.#opened, this.host.catalogue),
    otherRun: ({ run }) => otherRun(this.#opened, run, this.host.catalogue),
    otherMaps: ({ run, images }) => otherMaps(this.#opened, run, images, this.host.catalogue),
  };

  #measuring(): () => Promise<PanelResults['pixelCurves']> {
    const { signal } = this.#shown;
    const { engines } = this.host;
    return sharedWork(() => engines.interactive.call('pixelCurves', { run: this.document.uri.fsPath }, { signal }));
  }

  async #ready(): Promise<PanelResults['ready']> {
    const { opened, refusal } = this.document;
    if (!opened) {
      const error = refusal ?? new MuscError('FILE_INVALID', l10n.t('the run cannot be read'));
      return {
        refused: {
          what: errorText(new MuscError(error.code, error.message, { where: error.where })),
          hint: error.hint ?? '',
        },
      };
    }
    const page = (this.#page = {});
    const few = opened.run.images.length <= CHECK_FIRST;
    const [pictures, range] = await Promise.all([few ? checkPictures(opened) : UNCHECKED, this.#mapRange(opened)]);
    if (!few) void this.#tellPictures(page, opened, range);
    const job = [...this.host.scoring.queue.active, this.#ended].find((one) => one && isJobOf(one, opened));
    if (job) setTimeout(() => this.#tellJob(job), 0); // after the answer
    this.#knowing = page;
    return this.#snapshot(pictures, range);
  }

  /** As `mapRange`; where the maps can't be read, the run opens without heat. */
  async #mapRange(opened: OpenRun): Promise<MapRange | null> {
    try {
      return await mapRange(opened.file, opened.run);
    } catch (error) {
      this.host.log('warn', `The heatmaps of ${opened.run.name} can't be read: ${toMuscError(error).toLine()}`);
      return null;
    }
  }

  #snapshot(pictures: PicturesNow, mapRange: MapRange | null): PanelSnapshot {
    return {
      run: this.#opened.run,
      labels: this.document.labels,
      ...pictures,
      restricted: !workspace.isTrusted && !picturesAllowed(this.#opened),
      ...(mapRange ? { mapRange } : {}),
      editable: this.document.editable,
      settings: panelSettings(this.host.log),
      view: this.host.memento.get(this.#viewKey) ?? null,
    };
  }

  /** Looks at the pictures of a large run, and says so if some are not there or others; not of a page that is gone. */
  async #tellPictures(page: object, opened: OpenRun, range: MapRange | null): Promise<void> {
    const pictures = await checkPictures(opened);
    if (pictures.missing.length + pictures.changed.length > 0 && this.#page === page)
      this.#calls.post({ event: 'snapshot', snapshot: this.#snapshot(pictures, range) });
  }

  #tellLabels(stepped: boolean): void {
    this.#calls.post({ event: 'labels', labels: this.document.labels, stepped });
  }

  #jobChanged(job: Job): void {
    const { opened } = this.document;
    if (!opened || !isJobOf(job, opened)) return;
    this.#ended = isResumable(job) ? job : null;
    if (job.state !== 'running') return this.#tellJob(job);
    this.#job ??= setTimeout(() => this.#tellJob(job), BEAT);
  }

  #tellJob(job: Job): void {
    clearTimeout(this.#job);
    this.#job = undefined;
    this.#calls.post({ event: 'job', job: panelJobOf(job) });
  }

  get #opened(): OpenRun {
    const { opened } = this.document;
    if (opened) return opened;
    throw this.document.refusal ?? new MuscError('FILE_INVALID', l10n.t('the run cannot be read'));
  }

  get #viewKey(): string {
    return `musc.view.${this.#opened.run.id}`;
  }

  async #file(image: number): Promise<string> {
    const file = await this.#tryFile(image);
    if ('path' in file) return file.path;
    throw new MuscError('PICTURE_UNREADABLE', file.reason);
  }

  async #tryFile(image: number): Promise<{ path: string } | { reason: string }> {
    try {
      return { path: await pictureFile(this.#opened, image) };
    } catch (error) {
      return { reason: errorText(toMuscError(error)) };
    }
  }

  /** A file as the page may load it; the version keeps a re-run from showing stale pictures. */
  #uri(file: string): string {
    return this.panel.webview
      .asWebviewUri(Uri.file(file))
      .with({ query: `v=${encodeURIComponent(this.#opened.run.id)}` })
      .toString();
  }
}
