import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import { builtScript } from '../built-script';
import { MuscError, throwIfAborted, type ErrorCode } from '../errors';
import type { FromWorker, ScoringPlan, TapJob, Task, ToWorker } from './tap-job';
import { TapWorker } from './tap-worker';

/** Somebody who does tasks one after another. */
interface Hand {
  send(message: ToWorker): Promise<void>;
  close(): Promise<void>;
}

/** The file of the worker threads: beside the bundle that runs. Null from source, where the main thread does the work. */
export const defaultWorkerFile = (): string | null => builtScript('worker.js');

/**
 * The workers of a run. Cancelling stops them between products and waits for that, because ending a thread inside ONNX Runtime ends the
 * process.
 */
export class WorkerPool {
  private readonly control: Int32Array;

  private constructor(
    private readonly hands: readonly Hand[],
    plan: ScoringPlan,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.control = new Int32Array(plan.control);
    signal?.addEventListener('abort', this.stop);
    if (signal?.aborted) this.stop();
  }

  /** `workerFile` null: no threads. Throws DEVICE_FAILED, CANCELLED. */
  static async create(
    plan: ScoringPlan,
    options: { threads: number; workerFile: string | null; signal?: AbortSignal },
  ): Promise<WorkerPool> {
    throwIfAborted(options.signal);
    const { workerFile, threads } = options;
    const hands =
      workerFile === null || plan.device !== 'cpu' // a graphics card is one for all, and not for threads
        ? [new MainHand()]
        : Array.from({ length: threads }, () => new WorkerHand(new Worker(workerFile)));
    const pool = new WorkerPool(hands, plan, options.signal);
    await pool.tell({ plan }).catch(async (error: unknown) => {
      await pool.close();
      throw error;
    });
    return pool;
  }

  /** Tells every worker about the next tap. */
  startTap(job: TapJob): Promise<void> {
    return this.tell({ job });
  }

  /** Does all tasks, in any order. `finished` is called after each. Throws the first failure, or CANCELLED. */
  async runAll(tasks: readonly Task[], finished: (task: number) => void = () => undefined): Promise<void> {
    let next = 0;
    await this.settle(
      this.hands.map(async (hand) => {
        while (next < tasks.length && Atomics.load(this.control, 0) === 0) {
          const task = next++;
          await hand.send({ task: tasks[task] });
          if (Atomics.load(this.control, 0) === 0) finished(task);
        }
      }),
    );
  }

  /** Ends the workers, after what they are doing. */
  async close(): Promise<void> {
    this.signal?.removeEventListener('abort', this.stop);
    await Promise.all(this.hands.map((hand) => hand.close()));
  }

  private tell(message: ToWorker): Promise<void> {
    return this.settle(this.hands.map((hand) => hand.send(message)));
  }

  /** Waits for everybody, also after a failure, which makes the others stop early. */
  private async settle(work: readonly Promise<void>[]): Promise<void> {
    const results = await Promise.allSettled(
      work.map((w) =>
        w.catch((error: unknown) => {
          this.stop();
          throw error;
        }),
      ),
    );
    throwIfAborted(this.signal);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  private readonly stop = (): void => void Atomics.store(this.control, 0, 1);
}

/** The main thread, giving everybody else a turn after each message. */
class MainHand implements Hand {
  private worker: TapWorker | null = null;

  async send(message: ToWorker): Promise<void> {
    if ('plan' in message) this.worker = await TapWorker.create(message.plan);
    else if ('job' in message) this.worker?.start(message.job);
    else await this.worker?.run(message.task);
    await setImmediate();
  }

  async close(): Promise<void> {
    await this.worker?.close();
  }
}

/** A worker thread, told one thing at a time. */
class WorkerHand implements Hand {
  private waiting: { resolve: () => void; reject: (reason: unknown) => void } | null = null;
  private failure: unknown = null;

  constructor(private readonly worker: Worker) {
    worker.on('message', (reply: FromWorker) => {
      const { waiting } = this;
      this.waiting = null;
      if ('done' in reply) waiting?.resolve();
      else waiting?.reject(new MuscError(reply.failed.code as ErrorCode, reply.failed.message, reply.failed));
    });
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', (code) =>
      this.fail(new MuscError('ENGINE_DIED', l10n.t('a scoring worker ended with code {0}', code))),
    );
  }

  send(message: ToWorker): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure !== null) return reject(this.failure);
      this.waiting = { resolve, reject };
      this.worker.postMessage(message);
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private fail(error: unknown): void {
    this.failure ??= error;
    this.waiting?.reject(error);
    this.waiting = null;
  }
}
