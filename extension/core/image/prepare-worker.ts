// Entry of the thread that prepares pictures: see picture-thread.ts. Null ends it.
import { parentPort } from 'node:worker_threads';
import '../texts';
import { toWire } from '../wire-error';
import type { PrepareReply, PrepareTask } from './picture-thread';
import { prepare } from './prepare';

parentPort?.on('message', (message: PrepareTask | null) => {
  if (message === null) {
    parentPort?.close();
    return;
  }
  const { id, task } = message;
  prepare(...task).then(
    (picture) => answer({ id, picture }, [picture.pixels.buffer as ArrayBuffer]),
    (error: unknown) => answer({ id, error: toWire(error) }, []),
  );
});

const answer = (reply: PrepareReply, handedOver: ArrayBuffer[]): void => parentPort?.postMessage(reply, handedOver);
