import { exportBench } from '../../core/benchmark/export-bench';
import { benchMarkdown } from '../../core/benchmark/bench-text';
import { MuscError } from '../../core/errors';
import { benchRoot, type BenchResult } from '../../core/pipeline/bench-root';
import type { CommandContext } from '../cli';
import { parseFlags, SCORE_FLAGS, scoreRequestOf } from './options';
import { Terminal } from './terminal';

const FLAGS = { ...SCORE_FLAGS, export: { type: 'string', multiple: true }, format: { type: 'string' } } as const;

/** `musc bench ROOT.. [--category all|a,b] [--export FILE]..`: every category of every data set, beside the paper's figures. */
export async function benchCommand(argv: readonly string[], { signal }: CommandContext): Promise<void> {
  const { values, positionals } = parseFlags(argv, FLAGS);
  if (positionals.length === 0)
    throw new MuscError('USAGE', 'bench takes the roots of data sets', { hint: 'musc bench ROOT' });
  const terminal = new Terminal(values.verbose === true);
  const context = { signal, progress: terminal.progress, log: terminal.log };
  try {
    const results: BenchResult[] = [];
    for (const root of positionals) results.push(await benchRoot(scoreRequestOf(root, values), context));
    terminal.clear();
    const files = results.map(({ file }) => file);
    for (const place of values.export ?? []) {
      const format = values.format ?? place.split('.').at(-1) ?? '';
      for (const written of await exportBench(files, format, place)) terminal.log('info', `Wrote ${written}`);
    }
    const objects = results.map(({ file, bench }) => ({ file, ...bench }));
    process.stdout.write(
      values.json === true
        ? `${JSON.stringify(objects.length === 1 ? objects[0] : objects)}\n`
        : results.map(({ file, bench }) => `${benchMarkdown(bench)}\nBenchmark ${file}\n`).join('\n'),
    );
  } finally {
    terminal.clear();
  }
}
