import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MuscError } from '../../../extension/core/errors';
import type { BenchResult } from '../../../extension/core/benchmark/bench-store';
import type { BenchContext } from '../../../extension/core/pipeline/bench-root';
import { benchCommand } from '../../../extension/engine/cli/bench-command';
import type { BenchRequest } from '../../../extension/protocol/engine';
import { category, sampleBench } from '../benchmark/sample-bench';

/** The document of a data set with as many of its categories. */
const documentOf = (folder: string, ...categories: string[]): BenchResult => ({
  file: `/${folder}.musc-bench.json`,
  bench: sampleBench({ name: folder, categories: categories.map((name) => category(name, 1)) }),
});
vi.mock('../../../extension/core/pipeline/bench-root', () => ({
  benchRoot: ({ folder }: BenchRequest, { written }: BenchContext) => {
    if (folder === 'nothing') return Promise.reject(new MuscError('DATASET_UNCLEAR', 'no data set'));
    written?.(documentOf(folder, 'bottle'), 1);
    if (folder === 'stopped') return Promise.reject(new MuscError('CANCELLED', 'cancelled'));
    const whole = documentOf(folder, 'bottle', 'cable');
    written?.(whole, 0);
    return Promise.resolve(whole);
  },
}));

let printed: string;
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const bench = (...argv: string[]) => benchCommand(argv, { signal: new AbortController().signal });
type Printed = BenchResult['bench'];
const names = ({ name, categories }: Printed) => [name, categories.map((one) => one.name)];

it('prints an object of one data set, a list of several', async () => {
  await bench('a', '--json');
  expect(names(JSON.parse(printed) as Printed)).toEqual(['a', ['bottle', 'cable']]);
  printed = '';
  await bench('a', 'b', '--json');
  expect((JSON.parse(printed) as Printed[]).map(names)).toEqual([
    ['a', ['bottle', 'cable']],
    ['b', ['bottle', 'cable']],
  ]);
});

it.each([
  ['stopped', 'CANCELLED', ['stopped', ['bottle']]],
  ['nothing', 'DATASET_UNCLEAR', null],
] as const)('prints what was made before %s ends it by %s, in the same form', async (root, code, made) => {
  await expect(bench('a', root, '--json')).rejects.toMatchObject({ code });
  expect((JSON.parse(printed) as Printed[]).map(names)).toEqual([
    ['a', ['bottle', 'cable']],
    ...(made === null ? [] : [made]),
  ]);
  printed = '';
  await expect(bench(root, '--json')).rejects.toMatchObject({ code });
  if (made === null) expect(printed).toBe('');
  else expect(names(JSON.parse(printed) as Printed)).toEqual(made);
});

it('prints tables for people, also of what was stopped', async () => {
  await expect(bench('a', 'stopped')).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(printed.match(/^\| bottle /gm)).toHaveLength(2);
  expect(printed.match(/The mean is over .+ left/g)).toEqual(['The mean is over 1 so far, 1 left']);
  expect(printed).toMatch(/Benchmark \/a\.musc-bench\.json[\s\S]*Benchmark \/stopped\.musc-bench\.json\n$/);
});
