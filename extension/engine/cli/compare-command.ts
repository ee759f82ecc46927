import { MuscError, toMuscError } from '../../core/errors';
import { dispatch } from '../dispatch';
import type { CommandContext } from '../cli';
import { combinations, GRID_FLAGS } from './compare-grid';
import { compareTable, quality, type Trial } from './compare-table';
import { parseFlags } from './options';
import { Terminal } from './terminal';

/** Not of one combination, but of all. */
const FATAL: readonly string[] = ['CANCELLED', 'FOLDER_NOT_FOUND', 'TOO_FEW_IMAGES', 'DISK_FULL'];

/** Prints the trials, the best first; nothing where there are none. */
function print(trials: readonly Trial[], json: boolean): void {
  if (trials.length === 0) return;
  const sorted = [...trials].sort((a, b) => quality(b) - quality(a));
  process.stdout.write(json ? `${JSON.stringify(sorted)}\n` : compareTable(sorted));
}

/** What to say where every combination failed: what is wrong with all of them, if it is one thing. */
function failureOfAll(failures: readonly MuscError[]): MuscError {
  const [first] = failures;
  return first !== undefined && failures.every(({ code }) => code === first.code)
    ? first
    : new MuscError('BACKBONE_INVALID', 'none of them could be scored', { hint: first?.toLine() });
}

/** `musc compare FOLDER --backbone a,b [--image-size 256,320] ..`: the same folder with every combination, as a table with the best first. */
export async function compareCommand(argv: readonly string[], { signal }: CommandContext): Promise<void> {
  const { values, positionals } = parseFlags(argv, GRID_FLAGS);
  if (positionals.length !== 1)
    throw new MuscError('USAGE', `compare takes one folder, not ${positionals.length}`, {
      hint: 'musc compare FOLDER --backbone a,b',
    });
  const terminal = new Terminal(values.verbose === true);
  const context = { signal, progress: terminal.progress, log: () => undefined };
  const trials: Trial[] = [];
  const failures: MuscError[] = [];
  try {
    for (const { request, ...one } of combinations(positionals[0], values as Parameters<typeof combinations>[1])) {
      terminal.log('info', [one.backbone, ...Object.values(one.varied)].join(', '));
      const nothing = { ...one, summary: null, estimate: null, problem: '' };
      try {
        trials.push(
          values.estimate === true
            ? { ...nothing, estimate: await dispatch('estimate', request, context) }
            : { ...nothing, summary: await dispatch('score', request, context) },
        );
      } catch (thrown) {
        const error = toMuscError(thrown);
        if (FATAL.includes(error.code)) throw error;
        failures.push(error);
        trials.push({ ...nothing, problem: error.toLine() });
      }
    }
  } finally {
    terminal.clear();
    print(trials, values.json === true); // also what was made before one that ends all
  }
  if (failures.length === trials.length) throw failureOfAll(failures);
}
