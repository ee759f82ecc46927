import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WireError } from '../../protocol/engine';
import type { Grid } from '../array/grid';
import type { Preprocess } from '../backbone/backbone';
import type { Protocol } from '../settings';
import { fromWire } from '../wire-error';
import { prepare, type PreparedPicture } from './prepare';

/** Arguments of `prepare`. */
export type PrepareArguments = readonly [file: string, input: Grid, preprocess: Preprocess, protocol: Protocol];

export interface PrepareTask {
  readonly id: number;
  readonly task: PrepareArguments;
}

export type PrepareReply = { readonly id: number } & (
  { readonly picture: PreparedPicture } | { readonly error: WireError }
);

interface Waiting {
  readonly task: PrepareArguments;
  resolve(picture: PreparedPicture): void;
  reject(reason: unknown): void;
}

/** The thread's script: beside the bundle that runs. Null from source, where the calling thread does the work. */
function defaultScript(): string | null {
  const file = fileURLToPath(new URL('./prepare-worker.js', import.meta.url));
  return existsSync(file) ? file : null;
}

/**
 * Prepares pictures in a thread of its own, so that decoding and resizing go on while the network blocks the calling one. Pixels are
 * handed over, not copied. Without a script the calling thread does it. Close it when done: a thread keeps the process alive.
 */
export class PictureThread {
  private readonly worker: Worker | null;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  private ended = false;

  constructor(script: string | null = defaultScript()) {
    this.worker = script === null ? null : new Worker(script);
    this.worker?.on('message', (reply: PrepareReply) => {
      const waiting = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('picture' in reply) waiting?.resolve(reply.picture);
      else waiting?.reject(fromWire(reply.error));
    });
    this.worker?.on('error', () => this.takeOver());
    this.worker?.on('exit', () => this.takeOver());
  }

  /** As `prepare`. */
  async prepare(...task: PrepareArguments): Promise<PreparedPicture> {
    const { worker } = this;
    if (worker === null || this.ended) return prepare(...task);
    return new Promise((resolve, reject) => {
      const id = this.next++;
      this.waiting.set(id, { task, resolve, reject });
      worker.postMessage({ id, task } satisfies PrepareTask);
    });
  }

  /** Lets the thread end once it has finished what it is at: a decoder must not be stopped half-way. */
  close(): void {
    this.worker?.postMessage(null);
    this.worker?.unref();
  }

  /** The thread is gone: the calling one does what it has left. */
  private takeOver(): void {
    this.ended = true;
    for (const { task, resolve, reject } of this.waiting.values()) prepare(...task).then(resolve, reject);
    this.waiting.clear();
  }
}
