import { z } from 'zod';
import type { Memento } from 'vscode';
import type { ScoreRequest } from '../protocol/engine';

const KEY = 'musc.jobs';
/** What is stored is ours, but of an older version perhaps: only the folder is needed to offer it again. */
const stored = z.array(z.looseObject({ folder: z.string() }));

/** Remembers the jobs of this workspace, so that one cut off by a reload or a crash can be offered again. */
export class InterruptedJobs {
  constructor(private readonly memento: Memento) {}

  /** Jobs that began and did not end. */
  get all(): readonly ScoreRequest[] {
    const parsed = stored.safeParse(this.memento.get(KEY));
    return parsed.success ? (parsed.data as unknown as ScoreRequest[]) : [];
  }

  async began(request: ScoreRequest): Promise<void> {
    await this.memento.update(KEY, [...this.all.filter((job) => job.folder !== request.folder), request]);
  }

  async ended(request: ScoreRequest): Promise<void> {
    await this.memento.update(
      KEY,
      this.all.filter((job) => job.folder !== request.folder),
    );
  }

  /** Forgets all of them and returns them. */
  async take(): Promise<readonly ScoreRequest[]> {
    const jobs = this.all;
    if (jobs.length > 0) await this.memento.update(KEY, undefined);
    return jobs;
  }
}
