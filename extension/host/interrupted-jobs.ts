import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Memento } from 'vscode';
import { isProcessAlive, processStart } from '../core/process-alive';
import type { JobKind, JobRequest } from './job-queue';

const KEY = 'musc.jobs';
/** A window that closes takes its process so long to end, ms: a reload finds it alive. */
const CLOSING = 20_000;
/**
 * On a busy machine it takes longer: so long (ms) is waited for it where nothing else can be offered. No longer: what a window that stayed
 * open has done meanwhile is not known here.
 */
const CLOSING_LATE = 120_000;
/** Between two looks whether it has ended, ms. */
const LOOK = 500;

/** The process of the window that a job belongs to. */
interface Owner {
  readonly pid: number;
  readonly hostname: string;
  /** Tells it from a later process of its number, where the system says so. */
  readonly started?: string;
}

/** A job to offer again. */
export interface InterruptedJob {
  /** Among all that were ever remembered: a folder can be queued several times. */
  readonly id: string;
  readonly kind: JobKind;
  readonly request: JobRequest;
  /** Unknown of jobs that older versions remembered. */
  readonly owner?: Owner;
}

type Stored = JobRequest & { readonly id?: string; readonly kind?: JobKind; readonly owner?: Owner };

/** What is stored is ours, of an older version perhaps: the folder is needed to offer it again, the engine checks the rest. */
const isStored = (value: unknown): value is Stored =>
  typeof value === 'object' && value !== null && 'folder' in value && typeof value.folder === 'string';

const fromStored = ({ id, kind = 'score', owner, ...request }: Stored): InterruptedJob => ({
  id: id ?? request.folder, // older versions knew one job a folder
  kind,
  request,
  ...(owner ? { owner } : {}),
});

/** Whether another window of this machine, on the same folder, may be at the job. A process of our number was one before us. */
const isAtWork = ({ owner }: InterruptedJob): boolean =>
  owner !== undefined &&
  owner.hostname === os.hostname() &&
  owner.pid !== process.pid &&
  isProcessAlive(owner.pid, owner.started);

/** What of a job decides its result, as a text. */
function workOf({ kind, request }: InterruptedJob): string {
  const { resume: _r, threads: _t, memoryBytes: _m, models: _s, name: _n, ...deciding } = request;
  const set = Object.entries(deciding).filter(([, value]) => value !== undefined);
  return JSON.stringify([kind, ...set.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Remembers the jobs of this workspace, so that one cut off by a reload or a crash can be offered again. */
export class InterruptedJobs {
  #found: readonly InterruptedJob[];

  constructor(private readonly memento: Memento) {
    this.#found = this.#all();
  }

  /** Jobs that did not end, of windows that are gone: what there is to offer. */
  get earlier(): readonly InterruptedJob[] {
    return this.#found.filter((job) => !isAtWork(job));
  }

  /** Whether there is something to offer, once a window that was just closing is gone. Later ends belong to a window that stayed open. */
  async anyEarlier(): Promise<boolean> {
    const limit = () => (this.earlier.length > 0 ? CLOSING : CLOSING_LATE);
    for (let waited = 0; this.#found.some(isAtWork) && waited < limit(); waited += LOOK)
      await sleep(LOOK, undefined, { ref: false });
    return this.earlier.length > 0;
  }

  /** Remembers a job until it is forgotten; returns its id. */
  async began(kind: JobKind, request: JobRequest): Promise<string> {
    const id = randomUUID();
    const owner: Owner = { pid: process.pid, hostname: os.hostname(), started: processStart(process.pid) };
    await this.#write([...this.#all(), { id, kind, request, owner }]);
    return id;
  }

  /** A job is done, and what there was to offer of the same work with it. */
  async done(id: string): Promise<void> {
    const job = this.#all().find((one) => one.id === id);
    const same = this.#found.filter((one) => job && workOf(one) === workOf(job));
    await this.forget([id, ...same.map((one) => one.id)]);
  }

  /** Forgets jobs that ended, or that the user decided on. */
  async forget(ids: readonly string[]): Promise<void> {
    this.#found = this.#found.filter(({ id }) => !ids.includes(id));
    await this.#write(this.#all().filter(({ id }) => !ids.includes(id)));
  }

  #all(): readonly InterruptedJob[] {
    const stored = this.memento.get<unknown>(KEY);
    return Array.isArray(stored) ? stored.filter(isStored).map(fromStored) : [];
  }

  async #write(jobs: readonly InterruptedJob[]): Promise<void> {
    const stored = jobs.map(({ request, ...job }): Stored => ({ ...request, ...job }));
    await this.memento.update(KEY, stored.length > 0 ? stored : undefined);
  }
}
