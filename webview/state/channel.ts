import type {
  HostMessage,
  PanelCall,
  PanelRequest,
  PanelRequestName,
  PanelResults,
} from '../../extension/protocol/panel';

/** What the host says without being asked. */
export type HostEvent = Extract<HostMessage, { event: string }>;

interface Waiting {
  readonly resolve: (result: PanelResults[PanelRequestName]) => void;
  readonly reject: (error: Error) => void;
}

/** A request that was given up: by its AbortSignal, or because the channel was closed. */
export class CancelledError extends Error {
  override readonly name = 'AbortError';
}

/** Calls to the host, each answered once or given up; and the host's events. */
export class Channel {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(
    private readonly post: (call: PanelCall) => void,
    private readonly onEvent: (event: HostEvent) => void,
  ) {}

  /** Asks the host. Rejects with the host's words, or with CancelledError once `signal` is aborted. */
  call<N extends PanelRequestName>(method: N, params: PanelRequest<N>, signal?: AbortSignal): Promise<PanelResults[N]> {
    if (signal?.aborted) return Promise.reject(new CancelledError(`${method} cancelled`));
    const id = this.nextId++;
    return new Promise<PanelResults[N]>((resolve, reject) => {
      const abort = () => {
        if (!this.waiting.delete(id)) return;
        this.post({ cancel: id });
        reject(new CancelledError(`${method} cancelled`));
      };
      signal?.addEventListener('abort', abort, { once: true });
      const settled = () => signal?.removeEventListener('abort', abort);
      this.waiting.set(id, {
        // The host answers an id with the result of the method that was called with it.
        resolve: (result) => (settled(), resolve(result as PanelResults[N])),
        reject: (error) => (settled(), reject(error)),
      });
      this.post({ id, method, params } as PanelCall);
    });
  }

  /** A message of the host. Anything that is not one is ignored, as are answers nobody waits for any more. */
  receive(message: unknown): void {
    if (typeof message !== 'object' || message === null) return;
    if ('event' in message) return this.onEvent(message as HostEvent);
    if (!('id' in message) || typeof message.id !== 'number') return;
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    this.waiting.delete(message.id);
    const answer = message as Extract<HostMessage, { id: number }>;
    if (answer.ok) waiting.resolve(answer.result);
    else waiting.reject(new Error(answer.error));
  }

  /** Gives up everything that is still waiting. */
  close(): void {
    for (const { reject } of this.waiting.values()) reject(new CancelledError('the panel was closed'));
    this.waiting.clear();
  }
}
