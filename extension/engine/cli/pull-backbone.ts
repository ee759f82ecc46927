import { createInterface } from 'node:readline/promises';
import { downloadBackbone } from '../../core/backbone/download/download-backbone';
import { hubAddress, weightsPath } from '../../core/backbone/download/hub-address';
import { findBackbone } from '../../core/backbone/registry';
import { verifyBackbone } from '../../core/backbone/verify-backbones';
import { MuscError } from '../../core/errors';
import { type Terminal, weightsSize } from './terminal';

export interface PullOptions {
  readonly models: string;
  readonly mirror: string | undefined;
  /** Don't ask: the caller has agreed. */
  readonly yes: boolean;
  readonly signal: AbortSignal;
  readonly terminal: Terminal;
}

/** Says what would be downloaded, how large, from where and under which licence; asks; downloads. Returns the file. */
export async function pullBackbone(
  id: string,
  { models, mirror, yes, signal, terminal }: PullOptions,
): Promise<string> {
  const { entry, file } = await findBackbone(id, models);
  if (file !== null) {
    const { ok, detail } = await verifyBackbone({ entry, file }, signal);
    if (ok || entry.source.kind !== 'hub') {
      terminal.log('info', `${entry.name} is on this machine already.`);
      return file;
    }
    terminal.log('warn', `${entry.name} is damaged and has to be downloaded again: ${detail}`);
  }
  if (entry.source.kind !== 'hub') throw new MuscError('USAGE', `${entry.name} has no download`);
  const address = hubAddress(entry.source, mirror);
  terminal.log(
    'info',
    [
      entry.name,
      `  size     ${weightsSize(entry.source)}`,
      `  licence  ${entry.licence} ${entry.licenceLink ?? ''}`,
      `  from     ${address.href}`,
      `  to       ${weightsPath(models, entry)}`,
      ...(entry.proven
        ? []
        : ['  This entry was written by its documented form and has not been tried with the real file.']),
    ].join('\n'),
  );
  if (!yes && !(await agreed(signal)))
    throw new MuscError('CANCELLED', 'nothing was downloaded', { hint: 'agree, or give --yes' });
  const installed = await downloadBackbone(entry, {
    models,
    mirror,
    signal,
    progress: (done, total) =>
      terminal.progress({ stage: 'load', done, total: total ?? entry.source.bytes ?? done, secondsLeft: null }),
  });
  return installed.file;
}

/** Asks at the terminal; without one nobody can agree. */
async function agreed(signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await ask.question('Download it? [y/N] ', { signal })).trim());
  } finally {
    ask.close();
  }
}
