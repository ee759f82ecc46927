import { commands, l10n, window } from 'vscode';
import type { Host } from '../host';
import type { Job } from '../job-queue';
import { JobPanel } from '../job-panel';
import { jobName } from '../job-reporter';
import type { RunArgument } from '../run-argument';

/** Watch Run: the pictures of a run that is being made, as they are read. The one that is meant, the only one, or one of several. */
export async function watchRun(host: Host, argument?: RunArgument): Promise<void> {
  const jobs = host.scoring.queue.active.filter((job): job is Job<'score'> => job.kind === 'score');
  const meant = argument && 'kind' in argument && argument.kind === 'job' ? argument.job : undefined;
  const job = jobs.find((one) => one === meant) ?? (jobs.length <= 1 ? jobs[0] : await pick(jobs));
  if (job) JobPanel.show(job, host);
  else await commands.executeCommand('musc.runs.focus'); // a benchmark is watched in its own document
}

async function pick(jobs: readonly Job<'score'>[]): Promise<Job<'score'> | undefined> {
  const items = jobs.map((job) => ({ label: jobName(job), job }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which run to watch?') }))?.job;
}
