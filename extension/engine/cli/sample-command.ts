import path from 'node:path';
import { makeSampleDataset } from '../../core/dataset/sample/make-sample-dataset';
import { MuscError } from '../../core/errors';
import type { CommandContext } from '../cli';
import { COMMON, number, parseFlags } from './options';

/** `musc sample FOLDER`: writes the sample data set, made by code alone. */
export async function sampleCommand(argv: readonly string[], { signal }: CommandContext): Promise<void> {
  const { values, positionals } = parseFlags(argv, { ...COMMON, seed: { type: 'string' } });
  if (positionals.length !== 1)
    throw new MuscError('USAGE', `sample takes one folder, not ${positionals.length}`, { hint: 'musc sample FOLDER' });
  const seed = values.seed === undefined ? undefined : number('seed', values.seed);
  process.stdout.write(`${await makeSampleDataset(path.resolve(positionals[0]), { seed, signal })}\n`);
}
