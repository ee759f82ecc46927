import { cancelled } from './errors';

/**
 * Work that its callers share: begun by the first, answered to all from then on. A failure is not kept, so the next call
 * tries again; and the work must not follow any one caller's signal, for the others still wait for it.
 */
export function sharedWork<T>(begin: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  return () => {
    if (kept) return kept;
    const work = begin();
    kept = work;
    work.catch(() => (kept = null));
    return work;
  };
}

/** What `work` gives, or CANCELLED as soon as the signal says so: what others wait for goes on, and this caller waits no longer. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(cancelled());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** As `sharedWork`, for long work: each caller can leave, and when the last of them has, it is given up. */
export function sharedWhileWanted<T>(begin: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  interface Shared {
    readonly work: Promise<T>;
    readonly stop: AbortController;
    waiting: number;
    done: boolean;
  }
  let shared: Shared | null = null;
  const drop = (one: Shared) => {
    if (shared === one) shared = null;
  };
  const start = (): Shared => {
    const stop = new AbortController();
    const one: Shared = { work: begin(stop.signal), stop, waiting: 0, done: false };
    one.work.then(
      () => (one.done = true),
      () => drop(one),
    );
    return one;
  };
  return async (signal) => {
    const mine = (shared ??= start());
    mine.waiting++;
    try {
      return await untilAborted(mine.work, signal);
    } finally {
      if (--mine.waiting === 0 && !mine.done) {
        mine.stop.abort();
        drop(mine);
      }
    }
  };
}
