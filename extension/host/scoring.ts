import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Uri } from 'vscode';
import { workspace, l10n } from 'vscode';
import { MuscError, toMuscError } from '../core/errors';
import type { EngineResults, ScoreRequest, ScoreSummary } from '../protocol/engine';
import type { Engines } from './engines';
import type { InterruptedJobs } from './interrupted-jobs';
import { type Job, type JobKind, JobQueue, type JobRequest } from './job-queue';
import type { NetworkConsent } from './network-consent';
import { loadSettings } from './load-rooms';
import { isNetworkFile } from './network-file';

/** What a caller may decide against the settings. */
export type ScoreOverrides = Partial<Omit<ScoreRequest, 'folder'>>;
export type BenchOverrides = Partial<Omit<JobRequest, 'folder'>>;

/** Turns "score this folder" into jobs: checks, settings, consent, the queue, and a memory of what a reload cuts off. */
export class Scoring {
  readonly queue: JobQueue;
  #leaving = false;

  constructor(
    private readonly engines: Engines,
    private readonly consent: NetworkConsent,
    readonly interrupted: InterruptedJobs,
  ) {
    this.queue = new JobQueue({
      score: (request, options) => this.#run(request, options, (agreed) => engines.jobs.call('score', agreed, options)),
      bench: (request, options) => this.#run(request, options, (agreed) => engines.jobs.call('bench', agreed, options)),
    });
  }

  /**
   * Queues a folder. Throws UNTRUSTED in restricted mode, SETTING_INVALID naming the setting, CANCELLED when a network file
   * is refused; the job's own errors reject its `result`. `opens`: as the job's.
   */
  start(folder: Uri, overrides: ScoreOverrides = {}, opens = false): Promise<Job<'score'>> {
    return this.#start('score', folder, overrides, opens);
  }

  /** Queues the categories of a data set: `overrides.categories`, or all. Throws as `start` does. */
  startBenchmark(root: Uri, overrides: BenchOverrides = {}): Promise<Job<'bench'>> {
    return this.#start('bench', root, { protocol: 'reference', category: 'all', ...overrides }, true);
  }

  /** What scoring would take, from a short calibration beside the jobs. Throws as `start` does. */
  async estimate(folder: Uri, overrides: ScoreOverrides, signal: AbortSignal): Promise<EngineResults['estimate']> {
    const request = await this.#agreed(await this.#request('score', folder, overrides), signal);
    return this.engines.interactive.call('estimate', request, { signal });
  }

  async #start<K extends JobKind>(kind: K, folder: Uri, overrides: BenchOverrides, opens: boolean): Promise<Job<K>> {
    const request = await this.#request(kind, folder, overrides);
    await this.#agreed(request, new AbortController().signal); // while who asks for it is there
    const job = this.queue.add(kind, request, opens);
    const id = await this.interrupted.began(kind, request);
    void job.result.then(
      () => this.interrupted.done(id),
      (error: MuscError) => (error.code === 'CANCELLED' && this.#leaving ? undefined : this.interrupted.forget([id])),
    );
    return job;
  }

  /** Queues a folder and waits for its run. What a run that was stopped has left is gone on with: the result is the same. */
  async score(folder: Uri, overrides: ScoreOverrides = {}, signal?: AbortSignal): Promise<ScoreSummary> {
    const job = await this.start(folder, { resume: true, ...overrides });
    if (signal?.aborted) job.cancel();
    signal?.addEventListener('abort', job.cancel, { once: true });
    return job.result;
  }

  /** The window closes: jobs end, but stay remembered. */
  dispose(): void {
    this.#leaving = true;
    this.queue.cancelAll();
  }

  /** Runs a job whose turn has come: its network file may have changed since it was queued. What it fails of names the setting to blame. */
  async #run<T>(
    request: JobRequest,
    { signal }: { readonly signal: AbortSignal },
    call: (agreed: JobRequest) => Promise<T>,
  ): Promise<T> {
    try {
      return await call(await this.#agreed(request, signal));
    } catch (thrown) {
      const error = toMuscError(thrown);
      if (error.code === 'CANCELLED') throw error;
      const { namingSetting } = await loadSettings();
      throw await namingSetting(error, request).catch(() => error);
    }
  }

  /** The request, once the user has agreed to its network file, with what that is: the engine takes no other. */
  async #agreed(request: JobRequest, signal: AbortSignal): Promise<JobRequest> {
    const { backbone } = request;
    if (backbone === undefined || !isNetworkFile(backbone)) return request;
    return { ...request, backboneSha256: await this.consent.require(backbone, signal) };
  }

  /** Throws unless the network that a run names may be loaded: a run file can come from a stranger, and name any file. */
  async requireConsent(backbone: string, signal: AbortSignal): Promise<void> {
    if (!workspace.isTrusted)
      throw new MuscError('UNTRUSTED', l10n.t('no network is loaded in restricted mode'), {
        hint: l10n.t('trust the workspace'),
      });
    if (isNetworkFile(backbone)) await this.consent.require(path.resolve(backbone), signal);
  }

  async #request(kind: JobKind, folder: Uri, overrides: BenchOverrides): Promise<JobRequest> {
    if (!workspace.isTrusted)
      throw new MuscError('UNTRUSTED', l10n.t('this workspace is not trusted'), {
        where: folder.fsPath,
        hint: l10n.t('trust it to score its pictures'),
      });
    if (folder.scheme !== 'file')
      throw new MuscError('FOLDER_NOT_FOUND', l10n.t('only folders on this machine can be scored'), {
        where: folder.toString(),
        hint: l10n.t('copy the pictures to a local folder'),
      });
    const { requestFor, benchRequestFor } = await loadSettings();
    await turn(); // loading these, reading settings and starting an engine in one go would hold the editor up
    const { backbone, ...rest } = overrides;
    const chosen = backbone !== undefined && isNetworkFile(backbone) ? path.resolve(folder.fsPath, backbone) : backbone;
    const decided = { ...rest, ...(chosen === undefined ? {} : { backbone: chosen }) };
    const request = await (kind === 'bench' ? benchRequestFor : requestFor)(folder, decided);
    await turn();
    return request;
  }
}
