import { type Disposable, type Webview } from 'vscode';
import * as z from 'zod';
import { MuscError, toMuscError } from '../core/errors';
import type { Log } from '../core/progress';
import { safeParse } from '../core/safe-parse';
import {
  type HostMessage,
  type PanelRequest,
  type PanelRequestName,
  panelRequests,
  type PanelResults,
} from '../protocol/panel';
import { errorText } from './messages';

/** What a panel can be asked, by method; one that is missing is answered with an error. */
export type PanelHandlers = {
  readonly [N in PanelRequestName]?: (
    params: PanelRequest<N>,
    signal: AbortSignal,
  ) => Promise<PanelResults[N]> | PanelResults[N];
};

const envelope = z.union([
  z.object({
    id: z.number().int(),
    method: z.enum(Object.keys(panelRequests) as [PanelRequestName]),
    params: z.unknown(),
  }),
  z.object({ cancel: z.number().int() }),
]);

/**
 * The host's end of a panel's messages: every call is checked, answered once, and given up when the page says so or is gone: the
 * next page counts its calls from 1 again, and would take an answer to the last one's for its own.
 */
export class PanelCalls implements Disposable {
  readonly #running = new Map<number, AbortController>();
  readonly #listening: Disposable;

  constructor(
    private readonly webview: Webview,
    private readonly handlers: PanelHandlers,
    private readonly log: Log,
  ) {
    this.#listening = webview.onDidReceiveMessage((message: unknown) => void this.#receive(message));
  }

  post(message: HostMessage): void {
    void this.webview.postMessage(message);
  }

  dispose(): void {
    this.#listening.dispose();
    this.forget();
  }

  /** Gives up all that is asked: the page that asked is gone. */
  forget(): void {
    for (const call of this.#running.values()) call.abort();
    this.#running.clear();
  }

  async #receive(message: unknown): Promise<void> {
    const call = envelope.safeParse(message);
    if (!call.success) return this.log('warn', 'The panel sent a message that is not of the protocol.');
    if ('cancel' in call.data) return this.#running.get(call.data.cancel)?.abort();
    const { id, method, params } = call.data;
    if (method === 'ready') this.forget(); // what a page says first
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const result = await this.#answer(method, params, controller.signal);
      if (!controller.signal.aborted) this.post({ id, ok: true, result });
    } catch (thrown) {
      const error = toMuscError(thrown);
      if (error.code === 'INTERNAL' || error.code === 'ENGINE_DIED') this.log('error', `${method}: ${error.toLine()}`);
      if (!controller.signal.aborted) this.post({ id, ok: false, error: errorText(error) });
    } finally {
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  #answer<N extends PanelRequestName>(
    method: N,
    params: unknown,
    signal: AbortSignal,
  ): Promise<PanelResults[N]> | PanelResults[N] {
    const parsed = safeParse(panelRequests[method], params);
    if (!parsed.success)
      throw new MuscError('INTERNAL', `the panel asked ${method} in a wrong form`, {
        where: parsed.error.issues[0].message,
      });
    const handler = this.handlers[method] as
      ((params: unknown, signal: AbortSignal) => Promise<PanelResults[N]>) | undefined;
    if (!handler) throw new MuscError('USAGE', `this panel does not answer ${method}`);
    return handler(parsed.data, signal);
  }
}
