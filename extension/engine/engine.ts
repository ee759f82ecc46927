/**
 * The compute process. Forked by a client with `serialization: 'advanced'`; speaks `protocol/engine`; leaves when the
 * client does, so that closing a window never leaves work behind. Nothing here may take the editor down.
 */
import '../core/texts';
import { cancelled, MuscError } from '../core/errors';
import { sweepScratch } from '../core/pipeline/scratch';
import { APP_VERSION } from '../core/version';
import { toWire } from '../core/wire-error';
import { engineCall, type EngineReply } from '../protocol/engine';
import { dispatch } from './dispatch';

/** Time for running calls to notice that the client is gone, ms. */
const GOODBYE = 500;

const running = new Map<number, AbortController>();

function reply(message: EngineReply): void {
  if (process.connected) process.send?.(message, undefined, {}, () => undefined); // a client that just left is no error
}

async function handle(message: unknown): Promise<void> {
  const call = engineCall.safeParse(message);
  if (!call.success) {
    reply({ log: { level: 'error', message: 'A message was not understood and left out.' } });
    return;
  }
  if ('cancel' in call.data) {
    running.get(call.data.cancel)?.abort();
    return;
  }
  const { id, method, params } = call.data;
  if (running.has(id))
    return reply({ id, ok: false, error: toWire(new MuscError('USAGE', `call ${id} is already running`)) });
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const result = await dispatch(method, params, {
      signal: controller.signal,
      progress: (progress) => reply({ id, progress }),
      log: (level, text) => reply({ log: { level, message: text } }),
    });
    reply({ id, ok: true, result });
  } catch (error) {
    reply({
      id,
      ok: false,
      error: toWire(controller.signal.aborted ? cancelled() : error),
    });
  } finally {
    running.delete(id);
  }
}

process.on('message', (message) => void handle(message));
process.on('disconnect', () => {
  for (const controller of running.values()) controller.abort();
  setTimeout(() => process.exit(0), running.size > 0 ? GOODBYE : 0);
});
void sweepScratch();
reply({ ready: true, version: APP_VERSION });
