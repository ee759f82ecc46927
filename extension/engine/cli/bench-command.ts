import { exportBench } from '../../core/benchmark/export-bench';
import { benchMarkdown } from '../../core/benchmark/bench-text';
import { MuscError } from '../../core/errors';
import { BENCH_FORMATS, type BenchFormat } from '../../protocol/bench-metrics';
import type { BenchResult } from '../../core/benchmark/bench-store';
import { benchRoot } from '../../core/pipeline/bench-root';
import type { CommandContext } from '../cli';
import { parseFlags, SCORE_FLAGS, scoreRequestOf } from './options';
import { Terminal } from './terminal';

const { estimate: _estimate, name: _name, ...SHARED } = SCORE_FLAGS; // of one run, not of many
const FLAGS = { ...SHARED, export: { type: 'string', multiple: true }, format: { type: 'string' } } as const;

/** Of an export, which is refused before the work and not after it. */
function formatOf(place: string, format = place.split('.').at(-1) ?? ''): BenchFormat {
  const known = BENCH_FORMATS.find((one) => one === format);
  if (known) return known;
  throw new MuscError('USAGE', `unknown format ${JSON.stringify(format)}`, {
    hint: `one of ${BENCH_FORMATS.join(', ')}`,
  });
}

/** A document, and how many of its categories are still to be scored. */
type Printed = BenchResult & { readonly left: number };

/** That the means are not of all that was asked for, or "". */
const leftNote = ({ bench: { categories }, left }: Printed): string =>
  left === 0
    ? ''
    : `\nThe mean is over ${categories.filter(({ figures }) => figures !== null).length} so far, ${left} left: --resume goes on with them.\n`;

/**
 * Prints the documents, as far as they came: also where a later data set failed, and nothing where nothing was made. As JSON one object
 * where one data set was asked for, else a list.
 */
function print(results: readonly Printed[], several: boolean, json: boolean): void {
  if (results.length === 0) return;
  const objects = results.map(({ file, bench }) => ({ file, ...bench }));
  process.stdout.write(
    json
      ? `${JSON.stringify(several ? objects : objects[0])}\n`
      : results.map((one) => `${benchMarkdown(one.bench)}${leftNote(one)}\nBenchmark ${one.file}\n`).join('\n'),
  );
}

/** `musc bench ROOT.. [--category all|a,b] [--export FILE]..`: every category of every data set, beside the paper's figures. */
export async function benchCommand(argv: readonly string[], { signal }: CommandContext): Promise<void> {
  const { values, positionals } = parseFlags(argv, FLAGS);
  if (positionals.length === 0)
    throw new MuscError('USAGE', 'bench takes the roots of data sets', { hint: 'musc bench ROOT' });
  const exports = (values.export ?? []).map((place) => ({ place, format: formatOf(place, values.format) }));
  const terminal = new Terminal(values.verbose === true);
  const context = { signal, progress: terminal.progress, log: terminal.log };
  const results: Printed[] = [];
  try {
    for (const [i, root] of positionals.entries())
      results[i] = {
        ...(await benchRoot(scoreRequestOf(root, values), {
          ...context,
          written: (result, left) => (results[i] = { ...result, left }),
        })),
        left: 0,
      };
  } finally {
    terminal.clear();
    print(results, positionals.length > 1, values.json === true);
  }
  const files = results.map(({ file }) => file);
  for (const { place, format } of exports)
    for (const written of await exportBench(files, format, place)) terminal.log('info', `Wrote ${written}`);
  const failed = results.flatMap(({ bench }) => bench.categories.filter(({ run }) => run === null));
  if (failed.length > 0)
    throw new MuscError('DATASET_UNCLEAR', 'some categories could not be scored', {
      where: failed.map(({ name }) => name).join(', '),
      hint: failed[0].problem,
    });
}
