import { fork, type ChildProcess } from 'node:child_process';
import os from 'node:os';
import * as l10n from '@vscode/l10n';
import { cancelled, MuscError } from '../core/errors';
import type { LogLevel } from '../core/progress';
import { fromWire } from '../core/wire-error';
import type { EngineCall, EngineMethod, EngineMethods, EngineReply, ProgressMessage } from '../protocol/engine';
import { childEnvironment } from './child-environment';

/** After a cancel, the engine has this long (ms) to stop by itself before it is killed. */
const CANCEL_GRACE = 800;
/** As long as that (ms) where it would leave half-written files behind: it draws a large picture to its end, and then removes them. */
const TIDYING_GRACE = 8000;
/** Characters of the engine's stderr kept to explain its death. */
const STDERR_TAIL = 2000;

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: ProgressMessage) => void;
}

interface Pending {
  /** The process it was sent to, last. */
  child: ChildProcess;
  readonly message: Extract<EngineCall, { method: EngineMethod }>;
  readonly signal?: AbortSignal;
  /** Cancelled, and the process did not listen in time. */
  overdue: boolean;
  resolve(result: unknown): void;
  reject(error: MuscError): void;
  progress?: (progress: ProgressMessage) => void;
}

/** Methods that only read: sent again where another call's cancel takes their process away. The rest is never killed for another's sake. */
const READS: ReadonlySet<EngineMethod> = new Set<EngineMethod>([
  'estimate',
  'categories',
  'thumbnails',
  'displayCopy',
  'mask',
  'neighbours',
  'pixelCurves',
]);

/** Methods whose process is given time to tidy up: who cancels one hears at once, and whoever calls next has a fresh process. */
const TIDIES: ReadonlySet<EngineMethod> = new Set<EngineMethod>(['exportRun']);

export interface EngineProcessOptions {
  /** Absolute path of dist/engine.js. */
  readonly script: string;
  readonly log: (level: LogLevel, message: string) => void;
  /** Gives way to everything else on the machine, the editor first. Default: false. */
  readonly background?: boolean;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * One engine process and the calls in flight to it. Started by the first call, started again by the first call after its death.
 * A death rejects every call in flight with ENGINE_DIED and its reason; it never throws elsewhere. A process that must be killed
 * to cancel a call takes no other call with it: reads go on in a fresh one, and it lives on for another's job, but gets no more calls.
 */
export class EngineProcess {
  #child: ChildProcess | undefined;
  #stderr = '';
  #next = 1;
  #disposed = false;
  readonly #pending = new Map<number, Pending>();

  constructor(private readonly options: EngineProcessOptions) {}

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Calls a method. Rejects with a MuscError: the engine's own, CANCELLED within a second of the signal, or ENGINE_DIED.
   */
  call<M extends EngineMethod>(
    method: M,
    params: EngineMethods[M]['params'],
    { signal, progress }: CallOptions = {},
  ): Promise<EngineMethods[M]['result']> {
    if (this.#disposed) return Promise.reject(new MuscError('CANCELLED', l10n.t('the window is closing')));
    if (signal?.aborted) return Promise.reject(cancelled());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      let grace: NodeJS.Timeout | undefined;
      const abort = () => {
        pending.child.send({ cancel: id } satisfies EngineCall, () => undefined);
        const tidies = TIDIES.has(method);
        if (tidies) {
          if (this.#child === pending.child) this.#child = undefined;
          pending.progress = undefined;
          reject(cancelled());
        }
        grace = setTimeout(
          () => {
            pending.overdue = true;
            this.#giveUp(pending.child);
            pending.reject(cancelled());
          },
          tidies ? TIDYING_GRACE : CANCEL_GRACE,
        );
      };
      const settled = () => {
        clearTimeout(grace);
        signal?.removeEventListener('abort', abort);
      };
      const pending: Pending = {
        child: (this.#child ??= this.#start()),
        message: { id, method, params } as Pending['message'],
        signal,
        overdue: false,
        progress,
        resolve: (result) => {
          settled();
          resolve(result as EngineMethods[M]['result']);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      this.#pending.set(id, pending);
      signal?.addEventListener('abort', abort, { once: true });
      this.#send(pending);
    });
  }

  /** Ends the process; calls in flight are rejected with CANCELLED. */
  dispose(): void {
    this.#disposed = true;
    const children = new Set([...this.#pending.values()].map(({ child }) => child));
    if (this.#child) children.add(this.#child);
    this.#child = undefined;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(cancelled());
    for (const child of children) end(child);
  }

  #start(): ChildProcess {
    const { script, env, background, log } = this.options;
    const child = fork(script, [], {
      execArgv: [], // not the debugger port or loaders of the extension host
      env: childEnvironment({ ...env }),
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    if (background && child.pid !== undefined) lowerPriority(child.pid, log);
    this.#stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
      log('debug', text.trimEnd());
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => log('debug', text.trimEnd()));
    child.on('message', (message) => this.#receive(child, message as EngineReply));
    child.on('error', (error) => this.#ended(child, error.message));
    child.on('exit', (code, signal) =>
      this.#ended(child, signal ? l10n.t('signal {0}', signal) : l10n.t('exit code {0}', String(code))),
    );
    log('debug', `Engine started (process ${child.pid}).`);
    return child;
  }

  #send({ child, message }: Pending): void {
    child.send(message, (error) => {
      if (error && this.#pending.get(message.id)?.child === child)
        this.#settle(message.id)?.reject(this.#died(error.message, error));
    });
  }

  #receive(child: ChildProcess, message: EngineReply): void {
    if ('ready' in message) return this.options.log('debug', `Engine ${message.version} is ready.`);
    if ('log' in message) return this.options.log(message.log.level, message.log.message);
    const pending = this.#pending.get(message.id);
    if (pending?.child !== child) return; // last words of one that was given up
    if ('progress' in message) return pending.overdue ? undefined : pending.progress?.(message.progress);
    if (message.ok) this.#settle(message.id)?.resolve(message.result);
    else this.#settle(message.id)?.reject(fromWire(message.error));
    this.#giveUp(child); // what ended may have been the job that it was spared for
    if (child !== this.#child && this.#callsOf(child).length === 0) end(child); // it answered after all, and nobody calls it any more
  }

  /**
   * Turns from a process that does not listen to a cancel: it takes no call from now on, and is ended, but where somebody's job would
   * end with it: then as soon as that is done.
   */
  #giveUp(child: ChildProcess): void {
    const calls = this.#callsOf(child);
    if (!calls.some(({ overdue }) => overdue)) return;
    if (this.#child === child) this.#child = undefined;
    if (!calls.every(({ overdue, message }) => overdue || READS.has(message.method))) return;
    this.options.log('warn', 'The engine did not stop in time and was killed.');
    child.kill('SIGKILL');
    for (const call of calls)
      if (call.signal?.aborted) this.#settle(call.message.id)?.reject(cancelled());
      else {
        call.child = this.#child ??= this.#start();
        this.#send(call);
      }
  }

  #callsOf(child: ChildProcess): readonly Pending[] {
    return [...this.#pending.values()].filter((call) => call.child === child);
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #died(reason: string, cause?: unknown): MuscError {
    const said = this.#stderr.trim().split('\n').at(-1);
    return new MuscError('ENGINE_DIED', l10n.t('the engine stopped unexpectedly ({0})', reason), {
      where: said || undefined,
      hint: l10n.t('try again; the log says more'),
      cause,
    });
  }

  #ended(child: ChildProcess, reason: string): void {
    if (this.#child === child) this.#child = undefined;
    const calls = this.#callsOf(child);
    this.options.log(calls.length > 0 ? 'error' : 'debug', `Engine ended (${reason}).`);
    for (const { message } of calls) this.#settle(message.id)?.reject(this.#died(reason));
  }
}

/** Lets a process leave by itself, which an engine does when it is disconnected, and kills it where it does not. */
function end(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  setTimeout(() => child.kill('SIGKILL'), CANCEL_GRACE).unref();
}

/** At once after the start: on Linux only threads that are made later take the priority of the first one over. */
function lowerPriority(pid: number, log: EngineProcessOptions['log']): void {
  try {
    os.setPriority(pid, Math.max(os.getPriority(), os.constants.priority.PRIORITY_BELOW_NORMAL)); // the editor may have a low one itself
  } catch (error) {
    log('debug', `The engine keeps its priority: ${String(error)}`);
  }
}
