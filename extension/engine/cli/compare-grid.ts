import type { ScoreRequest } from '../../protocol/engine';
import { SCORE_FLAGS, scoreRequestOf } from './options';

type StringFlag = {
  [K in keyof typeof SCORE_FLAGS]: (typeof SCORE_FLAGS)[K]['type'] extends 'string' ? K : never;
}[keyof typeof SCORE_FLAGS];
type Given = Readonly<Record<string, string[] | boolean | undefined>>;

/** Flags of one value, which may be several with commas between; others (lists themselves) are given several times. */
const SINGLE: ReadonlySet<string> = new Set<StringFlag>([
  'backbone',
  'image-size',
  'fit',
  'subsets',
  'seed',
  'device',
  'protocol',
]);

/** The score flags, each of which may be given several times. */
export const GRID_FLAGS = Object.fromEntries(
  Object.entries(SCORE_FLAGS).map(([name, flag]) => [
    name,
    flag.type === 'string' ? { ...flag, multiple: true } : flag,
  ]),
);

/** One way to score the folder. */
export interface Combination {
  readonly backbone: string;
  /** What is tried in several values, with this one's: "image-size" "320", .. */
  readonly varied: Readonly<Record<string, string>>;
  readonly request: ScoreRequest;
}

/** Every combination of the values given, in their order. Throws USAGE for a wrong one. */
export function combinations(folder: string, given: Given): Combination[] {
  const axes = Object.entries(given).flatMap(([flag, values]): [string, string[]][] =>
    Array.isArray(values) ? [[flag, SINGLE.has(flag) ? values.flatMap(split) : values]] : [],
  );
  const plain = Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === 'boolean'));
  let all: Record<string, string>[] = [{}];
  for (const [flag, values] of axes) all = all.flatMap((one) => values.map((value) => ({ ...one, [flag]: value })));
  const several = axes.filter(([flag, values]) => values.length > 1 && flag !== 'backbone').map(([flag]) => flag);
  return all.map((one) => ({
    backbone: one.backbone ?? 'musc-embedded',
    varied: Object.fromEntries(several.map((flag) => [flag, one[flag]])),
    request: scoreRequestOf(folder, { ...plain, ...one }),
  }));
}

const split = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
