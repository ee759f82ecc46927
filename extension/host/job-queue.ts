import { cancelled, type MuscError, toMuscError } from '../core/errors';
import type { BenchRequest, EngineResults, ProgressMessage } from '../protocol/engine';

export type JobState = 'queued' | 'running' | 'failed' | 'cancelled' | 'done';

/** A folder scored, or every category of a data set. */
export type JobKind = 'score' | 'bench';

/** What a job asks of the engine: of a benchmark its categories, too. */
export type JobRequest = BenchRequest;

/** Pictures remembered of what a job reads: a panel that is opened late shows these at once. */
const REMEMBERED = 24;

/** One folder being scored. */
export interface Job<K extends JobKind = JobKind> {
  readonly id: number;
  readonly kind: K;
  readonly request: JobRequest;
  /** Whether who started it opens its run when it is done, if the settings say so. */
  readonly opens: boolean;
  readonly state: JobState;
  /** Last step reported, null before the first. */
  readonly progress: ProgressMessage | null;
  /** Absolute paths of the last pictures read, newest last: those that its progress named. */
  readonly read: readonly string[];
  readonly error: MuscError | null;
  /** Settles when the job ends; rejects with its MuscError. */
  readonly result: Promise<EngineResults[K]>;
  cancel(): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Runs a request of each kind; rejects with a MuscError, CANCELLED soon after the signal. */
export type JobRunners = {
  readonly [K in JobKind]: (
    request: JobRequest,
    options: { signal: AbortSignal; progress: (progress: ProgressMessage) => void },
  ) => Promise<EngineResults[K]>;
};

/** Jobs one after another, in the order they came: a run uses every core, so two at once would only be slower. */
export class JobQueue {
  #next = 1;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #active = new Set<Job>();
  readonly #listeners = new Set<(job: Job) => void>();

  constructor(private readonly runners: JobRunners) {}

  /** Jobs queued or running, in order. */
  get active(): readonly Job[] {
    return [...this.#active];
  }

  /** Calls back on every change of every job; returns what ends it. */
  onDidChange(listener: (job: Job) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add<K extends JobKind>(kind: K, request: JobRequest, opens = false): Job<K> {
    const controller = new AbortController();
    const job: Mutable<Job<K>> = {
      id: this.#next++,
      kind,
      request,
      opens,
      state: 'queued',
      progress: null,
      read: [],
      error: null,
      result: Promise.resolve(null as never),
      cancel: () => controller.abort(),
    };
    const waitedOut = this.#tail;
    job.result = this.#work(job, waitedOut, controller.signal);
    this.#tail = Promise.allSettled([waitedOut, job.result]); // a cancelled one in the middle lets nobody overtake
    this.#active.add(job);
    this.#changed(job);
    return job;
  }

  cancelAll(): void {
    for (const job of this.#active) job.cancel();
  }

  async #work<K extends JobKind>(
    job: Mutable<Job<K>>,
    before: Promise<unknown>,
    signal: AbortSignal,
  ): Promise<EngineResults[K]> {
    try {
      await Promise.race([before, aborted(signal)]);
      job.state = 'running';
      this.#changed(job);
      const progress = (step: ProgressMessage) => {
        job.progress = step;
        if (step.file !== undefined) job.read = [...job.read.slice(1 - REMEMBERED), step.file];
        this.#changed(job);
      };
      const result = await this.runners[job.kind](job.request, { signal, progress });
      this.#end(job, 'done');
      return result;
    } catch (thrown) {
      const error = toMuscError(thrown);
      job.error = error;
      this.#end(job, error.code === 'CANCELLED' ? 'cancelled' : 'failed');
      throw error;
    }
  }

  #end(job: Mutable<Job>, state: JobState): void {
    job.state = state;
    this.#active.delete(job);
    this.#changed(job);
  }

  #changed(job: Job): void {
    for (const listener of this.#listeners) listener(job);
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const give = () => reject(cancelled());
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
