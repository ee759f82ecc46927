import { parseArgs, type ParseArgsConfig } from 'node:util';
import { chosenModelsFolder } from '../../core/backbone/models-folder';
import { MuscError } from '../../core/errors';
import type { ScoreRequest } from '../../protocol/engine';

const GIGABYTE = 1e9; // bytes, as in the setting

type Options = NonNullable<ParseArgsConfig['options']>;

/** Flags of every command. */
export const COMMON = {
  help: { type: 'boolean', short: 'h' },
  verbose: { type: 'boolean', short: 'v' },
} as const satisfies Options;

/** Flags that decide a run's figures: `score` and `bench` share them. */
export const SCORE_FLAGS = {
  ...COMMON,
  out: { type: 'string' },
  name: { type: 'string' },
  backbone: { type: 'string' },
  taps: { type: 'string' },
  embedding: { type: 'string' },
  preprocess: { type: 'string' },
  'image-size': { type: 'string' },
  fit: { type: 'string' },
  degrees: { type: 'string' },
  keep: { type: 'string' },
  rscin: { type: 'string' },
  subsets: { type: 'string' },
  seed: { type: 'string' },
  device: { type: 'string' },
  protocol: { type: 'string' },
  dataset: { type: 'string' },
  category: { type: 'string' },
  masks: { type: 'string' },
  threads: { type: 'string' },
  memory: { type: 'string' },
  models: { type: 'string' },
  resume: { type: 'boolean' },
  estimate: { type: 'boolean' },
  json: { type: 'boolean' },
} as const satisfies Options;

/** Parses `argv`; wrong flags are USAGE. */
export function parseFlags<O extends Options>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message.split('. ')[0].replace(/\.$/, '') : String(error);
    throw new MuscError('USAGE', message, { hint: 'see musc --help' });
  }
}

/** The value of a flag as a number. */
export function number(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new MuscError('USAGE', `--${flag} cannot be ${JSON.stringify(text)}`, { hint: 'give a number' });
  return value;
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
const numbers = (flag: string, text: string): number[] => list(text).map((part) => number(flag, part));

function choice<const T extends readonly string[]>(flag: string, text: string, allowed: T): T[number] {
  const found: T[number] | undefined = allowed.find((a) => a === text);
  if (found === undefined)
    throw new MuscError('USAGE', `--${flag} cannot be ${JSON.stringify(text)}`, { hint: `give ${allowed.join(', ')}` });
  return found;
}

type Values = {
  readonly [K in keyof typeof SCORE_FLAGS]?: (typeof SCORE_FLAGS)[K]['type'] extends 'boolean' ? boolean : string;
};

/** Flags as a request of the engine. Ranges are checked where the run begins; here only the form is (USAGE). */
export function scoreRequestOf(folder: string, v: Values): ScoreRequest {
  const keep = v.keep === undefined ? undefined : numbers('keep', v.keep);
  if (keep && keep.length !== 2)
    throw new MuscError('USAGE', `--keep takes two numbers, not ${keep.length}`, { hint: 'for example --keep 0,0.3' });
  return {
    folder,
    out: v.out,
    name: v.name,
    backbone: v.backbone,
    taps: v.taps === undefined ? undefined : v.taps === 'auto' ? 'auto' : list(v.taps),
    embedding: v.embedding,
    preprocess: v.preprocess === undefined ? undefined : choice('preprocess', v.preprocess, ['clip', 'imagenet']),
    imageSize: v['image-size'] === undefined ? undefined : number('image-size', v['image-size']),
    fit: v.fit === undefined ? undefined : choice('fit', v.fit, ['squash', 'keep', 'auto']),
    degrees: v.degrees === undefined ? undefined : v.degrees === 'auto' ? 'auto' : numbers('degrees', v.degrees),
    keep: keep && [keep[0], keep[1]],
    rscin:
      v.rscin === undefined ? undefined : v.rscin === 'off' || v.rscin === 'auto' ? v.rscin : numbers('rscin', v.rscin),
    subsets: v.subsets === undefined ? undefined : v.subsets === 'auto' ? 'auto' : number('subsets', v.subsets),
    seed: v.seed === undefined ? undefined : number('seed', v.seed),
    device:
      v.device === undefined
        ? undefined
        : choice('device', v.device, ['auto', 'cpu', 'webgpu', 'cuda', 'directml', 'coreml']),
    protocol: v.protocol === undefined ? undefined : choice('protocol', v.protocol, ['exact', 'reference']),
    layout:
      v.dataset === undefined ? undefined : choice('dataset', v.dataset, ['auto', 'folder', 'mvtec', 'btad', 'visa']),
    category: v.category,
    masks: v.masks,
    threads: v.threads === undefined ? undefined : number('threads', v.threads),
    memoryBytes: v.memory === undefined ? undefined : Math.round(number('memory', v.memory) * GIGABYTE),
    models: chosenModelsFolder(v.models),
    resume: v.resume,
  };
}
