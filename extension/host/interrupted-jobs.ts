import { randomUUID } from 'node:crypto';
import type { Memento } from 'vscode';
import type { ScoreRequest } from '../protocol/engine';
import type { JobKind } from './job-queue';

const KEY = 'musc.jobs';

/** A job to offer again. */
export interface InterruptedJob {
  /** Among all that were ever remembered: a folder can be queued several times. */
  readonly id: string;
  readonly kind: JobKind;
  readonly request: ScoreRequest;
}

type Stored = ScoreRequest & { readonly id?: string; readonly kind?: JobKind };

/** What is stored is ours, of an older version perhaps: the folder is needed to offer it again, the engine checks the rest. */
const isStored = (value: unknown): value is Stored =>
  typeof value === 'object' && value !== null && 'folder' in value && typeof value.folder === 'string';

const fromStored = ({ id, kind = 'score', ...request }: Stored): InterruptedJob => ({
  id: id ?? request.folder, // older versions knew one job a folder
  kind,
  request,
});

/** Remembers the jobs of this workspace, so that one cut off by a reload or a crash can be offered again. */
export class InterruptedJobs {
  /** Jobs of earlier windows that did not end: what there is to offer. */
  readonly earlier: readonly InterruptedJob[];

  constructor(private readonly memento: Memento) {
    this.earlier = this.#all();
  }

  /** Remembers a job until it is forgotten; returns its id. */
  async began(kind: JobKind, request: ScoreRequest): Promise<string> {
    const id = randomUUID();
    await this.#write([...this.#all(), { id, kind, request }]);
    return id;
  }

  /** Forgets jobs that ended, or that the user decided on. */
  async forget(ids: readonly string[]): Promise<void> {
    await this.#write(this.#all().filter(({ id }) => !ids.includes(id)));
  }

  #all(): readonly InterruptedJob[] {
    const stored = this.memento.get<unknown>(KEY);
    return Array.isArray(stored) ? stored.filter(isStored).map(fromStored) : [];
  }

  async #write(jobs: readonly InterruptedJob[]): Promise<void> {
    const stored = jobs.map(({ id, kind, request }): Stored => ({ ...request, id, kind }));
    await this.memento.update(KEY, stored.length > 0 ? stored : undefined);
  }
}
