import { exportBench } from '../../core/benchmark/export-bench';
import { benchMarkdown } from '../../core/benchmark/bench-text';
import { MuscError } from '../../core/errors';
import { benchRoot } from '../../core/pipeline/bench-root';
import type { CommandContext } from '../cli';
import { parseFlags, SCORE_FLAGS, scoreRequestOf } from './options';
import { Terminal } from './terminal';

const FLAGS = { ...SCORE_FLAGS, export: { type: 'string', multiple: true }, format: { type: 'string' } } as const;

/** `musc bench ROOT [--category all|a,b] [--export FILE]..`: every category, beside the paper's figures. */
export async function benchCommand(argv: readonly string[], { signal }: CommandContext): Promise<void> {
  const { values, positionals } = parseFlags(argv, FLAGS);
  if (positionals.length !== 1)
    throw new MuscError('USAGE', `bench takes one data-set root, not ${positionals.length}`, {
      hint: 'musc bench ROOT',
    });
  const terminal = new Terminal(values.verbose === true);
  try {
    const { file, bench } = await benchRoot(scoreRequestOf(positionals[0], values), {
      signal,
      progress: terminal.progress,
      log: terminal.log,
    });
    terminal.clear();
    for (const place of values.export ?? []) {
      const format = values.format ?? place.split('.').at(-1) ?? '';
      for (const written of await exportBench([file], format, place)) terminal.log('info', `Wrote ${written}`);
    }
    process.stdout.write(
      values.json === true ? `${JSON.stringify({ file, ...bench })}\n` : `${benchMarkdown(bench)}\nBenchmark ${file}\n`,
    );
  } finally {
    terminal.clear();
  }
}
