import { MuscError } from '../../core/errors';
import { dispatch } from '../dispatch';
import type { CommandContext } from '../cli';
import { parseFlags, SCORE_FLAGS, scoreRequestOf } from './options';
import { estimateText, summaryText } from './summary';
import { Terminal } from './terminal';

/** `musc score FOLDER`. */
export async function scoreCommand(argv: readonly string[], { signal }: CommandContext): Promise<void> {
  const { values, positionals } = parseFlags(argv, SCORE_FLAGS);
  if (positionals.length !== 1)
    throw new MuscError('USAGE', `score takes one folder, not ${positionals.length}`, { hint: 'musc score FOLDER' });
  const terminal = new Terminal(values.verbose === true);
  try {
    if (values.estimate === true) {
      const e = await dispatch('estimate', scoreRequestOf(positionals[0], values), {
        signal,
        progress: terminal.progress,
        log: terminal.log,
      });
      const text = estimateText(e);
      terminal.clear();
      process.stdout.write(`${values.json === true ? JSON.stringify(e) : text}\n`);
      return;
    }
    const summary = await dispatch('score', scoreRequestOf(positionals[0], values), {
      signal,
      progress: terminal.progress,
      log: terminal.log,
    });
    terminal.clear();
    process.stdout.write(`${values.json === true ? JSON.stringify(summary) : summaryText(summary)}\n`);
  } finally {
    terminal.clear();
  }
}
