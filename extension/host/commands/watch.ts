import { commands } from 'vscode';
import type { Host } from '../host';
import type { Job } from '../job-queue';
import { JobPanel } from '../job-panel';
import type { RunArgument } from '../run-argument';

/** Watch Run: the pictures of a run that is being made, as they are read. The one that is meant, else the one at work. */
export async function watchRun(host: Host, argument?: RunArgument): Promise<void> {
  const { active } = host.scoring.queue;
  const meant = argument && 'kind' in argument && argument.kind === 'job' ? argument.job : undefined;
  const job = active.find((one) => one === meant) ?? active.find(({ state }) => state === 'running') ?? active[0];
  if (job && isScoring(job)) JobPanel.show(job, host);
  else await commands.executeCommand('musc.runs.focus'); // a benchmark is watched in its own document
}

const isScoring = (job: Job): job is Job<'score'> => job.kind === 'score';
