import path from 'node:path';
import { type Disposable, l10n, Uri, type WebviewPanel } from 'vscode';
import { BENCH_SUFFIX } from '../core/benchmark/bench-store';
import { MuscError } from '../core/errors';
import { benchKey } from '../core/pipeline/bench-key';
import { RUN_FILE } from '../core/run/run-folder';
import type { BenchFile } from '../protocol/bench-file';
import { type BenchHostMessage, type BenchPageMessage, benchPageMessage } from '../protocol/bench-panel';
import type { BenchDocument } from './bench-document';
import { exportBenchmarkAs, runBenchmark } from './commands/benchmark';
import { openRunEditor } from './commands/score';
import type { Host } from './host';
import type { Job } from './job-queue';
import { errorText, showError } from './messages';
import { panelPage } from './panel-page';
import { pageTexts } from './texts';

/**
 * Whether a job writes this document: it is of the same data set and settings, and at a category that the document has no figures of.
 * One of all categories that are done already goes into a document of its own.
 */
function isWriting({ kind, request, progress }: Job, bench: BenchFile, file: string): boolean {
  if (kind !== 'bench' || request.folder !== bench.dataset.root || !progress?.part) return false;
  const { name } = progress.part;
  return (
    file.endsWith(`-${benchKey(request)}${BENCH_SUFFIX}`) &&
    !bench.categories.some((category) => category.name === name && category.figures !== null)
  );
}

/** One view of a benchmark: its page, and what the page asks for. */
export class BenchSession implements Disposable {
  readonly #disposables: Disposable[];
  #running = false;

  constructor(
    private readonly document: BenchDocument,
    private readonly panel: WebviewPanel,
    private readonly host: Host,
  ) {
    const { webview } = panel;
    const dist = Uri.joinPath(host.extensionUri, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.#disposables = [
      webview.onDidReceiveMessage((message: unknown) => void this.#receive(message)),
      document.onDidChange(() => this.#tell()),
      { dispose: host.scoring.queue.onDidChange(() => this.#jobsChanged()) },
    ];
    webview.html = panelPage({
      script: webview.asWebviewUri(Uri.joinPath(dist, 'bench.js')).toString(),
      source: webview.cspSource,
      texts: pageTexts(),
      title: document.bench?.dataset.name ?? l10n.t('Benchmark'),
    });
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #receive(message: unknown): Promise<void> {
    const parsed = benchPageMessage.safeParse(message);
    if (!parsed.success) return this.host.log('warn', 'A benchmark page sent a message that is not of the protocol.');
    try {
      await this.#do(parsed.data);
    } catch (error) {
      await showError(error);
    }
  }

  async #do(message: BenchPageMessage): Promise<void> {
    switch (message.do) {
      case 'ready':
        return this.#tell();
      case 'export':
        return exportBenchmarkAs(this.host, [this.document.uri], message.format);
      case 'openRun':
        return void (await openRunEditor(this.#run(message.category)));
      case 'runAgain':
        return runBenchmark(this.host, this.document.bench ? Uri.file(this.document.bench.dataset.root) : undefined);
      case 'showLog':
        return this.host.channel.show();
    }
  }

  /** The run of a category. Throws FILE_INVALID where the document names none, or a file that is no run. */
  #run(category: string): Uri {
    const run = this.document.bench?.categories.find((one) => one.name === category)?.run ?? null;
    if (run === null || path.posix.basename(run) !== RUN_FILE)
      throw new MuscError('FILE_INVALID', l10n.t('the benchmark names no run of {0}', category), {
        hint: l10n.t('run it again'),
      });
    return Uri.file(path.resolve(path.dirname(this.document.uri.fsPath), run));
  }

  #jobsChanged(): void {
    if (this.#isRunning() !== this.#running) this.#tell();
  }

  #isRunning(): boolean {
    const { bench, uri } = this.document;
    return bench !== null && this.host.scoring.queue.active.some((job) => isWriting(job, bench, uri.fsPath));
  }

  #tell(): void {
    this.#running = this.#isRunning();
    void this.panel.webview.postMessage(this.#message());
  }

  #message(): BenchHostMessage {
    const { bench, refusal } = this.document;
    if (bench) return { bench, running: this.#running };
    const error = refusal ?? new MuscError('FILE_INVALID', l10n.t('the benchmark cannot be read'));
    const what = errorText(new MuscError(error.code, error.message, { where: error.where }));
    return { refused: { what, hint: error.hint ?? '' } };
  }
}
