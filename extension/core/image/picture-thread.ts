import { Worker } from 'node:worker_threads';
import type { WireError } from '../../protocol/engine';
import type { Grid } from '../array/grid';
import type { Preprocess } from '../backbone/backbone';
import { builtScript } from '../built-script';
import { cancelled } from '../errors';
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

/**
 * Prepares pictures in a thread of its own, so that decoding and resizing go on while the network blocks the calling one. Pixels are
 * handed over, not copied. Without a script the calling thread does it. The first picture starts the thread. Close it when done: it keeps
 * the process alive.
 */
export class PictureThread {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  private ended = false;
  private closed = false;

  constructor(private readonly script: string | null = builtScript('prepare-worker.js')) {}

  /** As `prepare`. Throws CANCELLED once it is closed. */
  async prepare(...task: PrepareArguments): Promise<PreparedPicture> {
    if (this.closed) throw cancelled();
    if (this.script === null || this.ended) return prepare(...task);
    const worker = (this.worker ??= this.start(this.script));
    return new Promise((resolve, reject) => {
      const id = this.next++;
      this.waiting.set(id, { task, resolve, reject });
      worker.postMessage({ id, task } satisfies PrepareTask);
    });
  }

  /**
   * Lets the thread end once it has finished what it is at: a decoder must not be stopped half-way. Nobody needs the pictures any more:
   * they are CANCELLED.
   */
  close(): void {
    this.closed = true;
    for (const { reject } of this.takeWaiting()) reject(cancelled());
    this.worker?.postMessage(null);
    this.worker?.unref();
  }

  private start(script: string): Worker {
    const worker = new Worker(script);
    worker.on('message', (reply: PrepareReply) => {
      const waiting = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('picture' in reply) waiting?.resolve(reply.picture);
      else waiting?.reject(fromWire(reply.error));
    });
    worker.on('error', () => this.takeOver());
    worker.on('exit', () => this.takeOver());
    return worker;
  }

  /** The thread is gone: the calling one does what it has left. */
  private takeOver(): void {
    this.ended = true;
    for (const { task, resolve, reject } of this.takeWaiting()) prepare(...task).then(resolve, reject);
  }

  private takeWaiting(): Waiting[] {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    return waiting;
  }
}
