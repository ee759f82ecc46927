// Entry of a scoring worker thread: does what worker-pool.ts sends, one message at a time.
import { parentPort } from 'node:worker_threads';
import '../texts';
import { toMuscError } from '../errors';
import type { FromWorker, ToWorker } from './tap-job';
import { TapWorker } from './tap-worker';

let worker: TapWorker | null = null;

async function handle(message: ToWorker): Promise<void> {
  if ('plan' in message) {
    worker = await TapWorker.create(message.plan);
    return;
  }
  if (worker === null) throw new Error('the worker has no plan');
  if ('job' in message) worker.start(message.job);
  else await worker.run(message.task);
}

parentPort?.on('message', (message: ToWorker) => {
  handle(message).then(
    () => answer({ done: true }),
    (error: unknown) => {
      const { code, message: what, where, hint } = toMuscError(error);
      answer({ failed: { code, message: what, where, hint } });
    },
  );
});

const answer = (reply: FromWorker): void => parentPort?.postMessage(reply);
