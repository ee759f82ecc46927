import type { PanelJob } from '../protocol/panel';
import type { Job } from './job-queue';
import { errorText } from './messages';

/** A job as the panel shows it. */
export function panelJobOf(job: Job): PanelJob {
  const { stage = null, done = 0, total = 0, secondsLeft = null, item } = job.progress ?? {};
  return {
    state: job.state,
    stage,
    done,
    total,
    secondsLeft,
    ...(item === undefined ? {} : { item }),
    ...(job.state === 'failed' && job.error ? { error: errorText(job.error) } : {}),
  };
}
