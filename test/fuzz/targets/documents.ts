import path from 'node:path';
import { registryFile } from '../../../extension/core/backbone/registry-schema';
import { parseBench } from '../../../extension/core/benchmark/bench-store';
import { MuscError } from '../../../extension/core/errors';
import { formatLabels, parseLabels } from '../../../extension/core/run/label-store';
import { mergeLabels } from '../../../extension/core/run/merge-labels';
import { safeParse } from '../../../extension/core/safe-parse';
import { formatRun, parseRun, parseRunHead } from '../../../extension/core/run/run-format';
import { joinInside } from '../../../extension/core/run/safe-path';
import registry from '../../../models/registry.json';
import { mutateBytes } from '../mutate-bytes';
import { mutateValue } from '../mutate-value';
import type { Random } from '../random';
import { decode, encode, mustHold, type FuzzTarget } from '../target';
import { benchSeed, labelsSeed, runSeed } from './document-seeds';

const words = [
  '"__proto__":{"x":1},',
  '"constructor":',
  '../',
  '\\u0000',
  '1e999',
  '-0',
  'null',
  '[[[[[[[[',
  '{"a":',
  '"version":2',
  '\\ud800',
];

/** Half of the documents are still JSON, changed inside; the others are changed text. */
const documents =
  (seed: unknown, text: Uint8Array) =>
  (random: Random): string =>
    random.chance(0.6) ? (JSON.stringify(mutateValue(seed, random)) ?? '') : decode(mutateBytes([text], random, words));

const ROOT = path.resolve('/data/set');

/** Whatever a file calls its pictures, what comes out lies below the root. */
function staysInside(relative: string, climb: number): void {
  for (const platform of ['linux', 'win32'] as const) {
    let found: string;
    try {
      found = joinInside(ROOT, relative, { climb, platform });
    } catch (error) {
      if (error instanceof MuscError && error.code === 'FILE_INVALID') continue;
      throw error;
    }
    const border = path.resolve(ROOT, ...Array<string>(climb).fill('..'));
    const inside = path.relative(border, found);
    mustHold(
      inside !== '' && inside.split(path.sep)[0] !== '..' && !path.isAbsolute(inside),
      `${relative} stays inside`,
    );
    mustHold(!found.includes('\0'), 'no NUL in a path');
  }
}

const runText = formatRun(runSeed());
const run: FuzzTarget<string> = {
  name: 'run-file',
  codes: ['FILE_INVALID'],
  generate: documents(JSON.parse(runText), encode(runText)),
  run: (input) => {
    parseRunHead(input);
    const parsed = parseRun(input, 'x');
    for (const image of parsed.images) {
      staysInside(image.path, 0);
      if (image.mask !== null) staysInside(image.mask, 5);
    }
    const again = parseRun(formatRun(parsed), 'x');
    mustHold(again.images.length === parsed.images.length, 'what was read can be written and read');
  },
};

const labelText = formatLabels(labelsSeed());
const labels: FuzzTarget<string> = {
  name: 'labels-file',
  codes: ['FILE_INVALID'],
  generate: documents(JSON.parse(labelText), encode(labelText)),
  run: (input) => {
    const parsed = parseLabels(input, 'x');
    const { labels: merged } = mergeLabels({}, parsed, labelsSeed());
    for (const name of [...Object.keys(parsed), ...Object.keys(labelsSeed())])
      mustHold(Object.hasOwn(merged, name), `the label of ${name} is kept`);
    mustHold(
      Object.keys(parseLabels(formatLabels(merged), 'x')).length === Object.keys(merged).length,
      'written and read',
    );
  },
};

const benchText = JSON.stringify(benchSeed());
const bench: FuzzTarget<string> = {
  name: 'bench-document',
  codes: ['FILE_INVALID'],
  generate: documents(benchSeed(), encode(benchText)),
  run: (input) => parseBench(input, 'x'),
};

const entries: FuzzTarget<unknown> = {
  name: 'registry-entry',
  codes: [],
  generate: (random) => mutateValue({ ...registry, backbones: registry.backbones.slice(0, 2) }, random),
  run: (input) => {
    const parsed = safeParse(registryFile, input);
    if (!parsed.success) return false;
    for (const { source } of parsed.data.backbones)
      if ('file' in source)
        mustHold(!/(^|[\\/])\.\.([\\/]|$)|^[\\/]|\0/.test(source.file), `${source.file} names a file in its folder`);
    return true;
  },
};

export const documentTargets: readonly FuzzTarget[] = [run, labels, bench, entries] as readonly FuzzTarget[];
