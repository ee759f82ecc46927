import type { Memento } from 'vscode';
import type { ScoreRequest } from '../protocol/engine';
import type { JobKind } from './job-queue';

const KEY = 'musc.jobs';
/** A job to offer again. */
export type InterruptedJob = ScoreRequest & { readonly kind?: JobKind };

/** What is stored is ours, of an older version perhaps: the folder is needed to offer it again, the engine checks the rest. */
const isRequest = (value: unknown): value is InterruptedJob =>
  typeof value === 'object' && value !== null && 'folder' in value && typeof value.folder === 'string';

/** Remembers the jobs of this workspace, so that one cut off by a reload or a crash can be offered again. */
export class InterruptedJobs {
  constructor(private readonly memento: Memento) {}

  /** Jobs that began and did not end. */
  get all(): readonly InterruptedJob[] {
    const stored = this.memento.get<unknown>(KEY);
    return Array.isArray(stored) ? stored.filter(isRequest) : [];
  }

  async began(kind: JobKind, request: ScoreRequest): Promise<void> {
    const others = this.all.filter((job) => job.folder !== request.folder);
    await this.memento.update(KEY, [...others, { ...request, kind }]);
  }

  async ended(request: ScoreRequest): Promise<void> {
    await this.memento.update(
      KEY,
      this.all.filter((job) => job.folder !== request.folder),
    );
  }

  /** Forgets all of them and returns them. */
  async take(): Promise<readonly InterruptedJob[]> {
    const jobs = this.all;
    if (jobs.length > 0) await this.memento.update(KEY, undefined);
    return jobs;
  }
}
