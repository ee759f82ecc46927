import { countFrom, mapThreshold, type SortedScores } from '../../extension/protocol/map-threshold';
import * as l10n from '@vscode/l10n';
import type { RunFile } from '../../extension/protocol/run-file';
import { imageFigures, rankedCounts, type ImageFigures, type Ranked } from './curve';
import * as format from './format';
import { DEFECT, GOOD, NONE, type Against, type Table } from './table';
import { thresholdFor, type Threshold, type ThresholdRule } from './threshold';

/** A picture that is in both runs. Indices are each run's own; ranks count from 0. */
export interface Pair {
  readonly image: number;
  readonly other: number;
  readonly rank: number;
  readonly otherRank: number;
  /** Places won among the pairs (positive: nearer to the top here than in the other run): pictures in one run alone do not count. */
  readonly moved: number;
}

/** Two runs of one folder, picture by picture. Nothing here follows a threshold. */
export interface Pairing {
  /** Those that moved most first. */
  readonly pairs: readonly Pair[];
  /** Per image of this run: the pair that it is in. */
  readonly of: readonly (Pair | undefined)[];
  /** Paths in one run only. */
  readonly onlyHere: number;
  readonly onlyThere: number;
  /** Spearman's rank correlation over the pairs, null with fewer than two. */
  readonly correlation: number | null;
}

export function paired(here: Table, there: Table): Pairing {
  const byPath = new Map(there.path.map((path, i) => [path, i]));
  const shared = [...here.ranking].flatMap((image) => {
    const other = byPath.get(here.path[image]);
    return other === undefined ? [] : [{ image, other, rank: here.rank[image], otherRank: there.rank[other] }];
  });
  const otherPlaces = placesOf(shared.map((pair) => pair.otherRank));
  const pairs: Pair[] = shared.map((pair, place) => ({ ...pair, moved: otherPlaces[place] - place }));
  const of: (Pair | undefined)[] = here.path.map(() => undefined);
  for (const pair of pairs) of[pair.image] = pair;
  return {
    correlation: spearman(pairs),
    pairs: pairs.sort((a, b) => Math.abs(b.moved) - Math.abs(a.moved)),
    of,
    onlyHere: here.size - pairs.length,
    onlyThere: there.size - pairs.length,
  };
}

/** The place of each rank among them, from 0. */
function placesOf(ranks: readonly number[]): Int32Array {
  const places = new Int32Array(ranks.length);
  const order = [...ranks.keys()].sort((a, b) => ranks[a] - ranks[b]);
  order.forEach((at, place) => (places[at] = place));
  return places;
}

/** In which of two runs an image is flagged. */
export interface Flags {
  readonly here: boolean;
  readonly there: boolean;
}

/** In which runs a picture is flagged; thresholds are each run's own. */
export type FlagsOf = (pair: Pair) => Flags;

export const flagsAt =
  (here: Table, threshold: number, there: Table, otherThreshold: number): FlagsOf =>
  ({ image, other }) => ({
    here: here.score[image] >= threshold,
    there: there.score[other] >= otherThreshold,
  });

/** The pairs that one run flags and the other does not. A threshold is dragged through it. */
export function crossed({ pairs }: Pairing, flags: FlagsOf): readonly Pair[] {
  return pairs.filter((pair) => {
    const { here, there } = flags(pair);
    return here !== there;
  });
}

/**
 * What the images of the other run are known to be: as this panel measures its own, matched by path. An image of the other
 * run alone has its recorded truth; this panel knows no label of it.
 */
export function classesThere(here: Table, classes: Int8Array, against: Against, there: Table): Int8Array {
  const byPath = new Map(here.path.map((path, i) => [path, classes[i]]));
  return Int8Array.from(there.path, (path, i) => byPath.get(path) ?? (against === 'truth' ? there.truth[i] : NONE));
}

/** Scores of the images that are in both runs, ascending. */
export interface SharedScores {
  readonly here: Float64Array;
  readonly there: Float64Array;
}

export const sharedScores = ({ pairs }: Pairing, here: Table, there: Table): SharedScores => ({
  here: Float64Array.from(pairs, ({ image }) => here.score[image]).sort(),
  there: Float64Array.from(pairs, ({ other }) => there.score[other]).sort(),
});

/** The other run's threshold: for image scores, and on the scale of its maps. */
export interface OtherThreshold extends Threshold {
  readonly map: number;
  /** Of the images in both runs, those at or above the threshold here, and at or above this one there. */
  readonly flagged: { readonly here: number; readonly there: number };
}

/**
 * The other run's threshold by the rule that `here` followed. A number set by hand means nothing on another run's scale: it is
 * carried over as the number of images in both runs that it flags. `ranked`, `sorted`: of the other run.
 */
export function thresholdThere(
  rule: ThresholdRule,
  here: Threshold,
  shared: SharedScores,
  ranked: Ranked,
  { score, raw, same }: SortedScores,
): OtherThreshold {
  const flagged = countFrom(shared.here, here.value);
  const followed: ThresholdRule =
    rule.kind === 'manual'
      ? { kind: 'manual', value: flagging(shared.there, flagged) }
      : here.rule === rule.kind
        ? rule
        : { kind: 'suggested' };
  const found = thresholdFor(followed, ranked, score);
  return {
    ...found,
    map: mapThreshold(found.value, score, raw, same),
    flagged: { here: flagged, there: countFrom(shared.there, found.value) },
  };
}

/** A threshold that flags `count` of the ascending scores, half way to the next; equal scores may add to them. */
function flagging(sorted: Float64Array, count: number): number {
  const n = sorted.length;
  if (n === 0 || count <= 0) return Infinity;
  return count >= n ? sorted[0] : (sorted[n - count] + sorted[n - count - 1]) / 2;
}

/** How both runs' thresholds were found, for people. */
export function thresholdWords(here: Threshold, there: OtherThreshold, against: Against): string {
  if (here.rule === 'manual') return carriedWords(there.flagged);
  if (here.rule !== there.rule) return otherRuleWords(here.how, there.how, against);
  const measure = here.rule === 'suggested' ? null : against;
  return here.how === there.how ? sameRuleAs(here.how, measure) : sameRule(measure);
}

/** Of a threshold set by hand: how many it flags in each run; equal scores make them differ. */
const carriedWords = ({ here, there }: OtherThreshold['flagged']): string =>
  here === there
    ? l10n.t(
        'The threshold set by hand is carried over as the same number of flagged images, of those in both runs: {0}.',
        here,
      )
    : l10n.t(
        'The threshold set by hand is carried over as the same number of flagged images, of those in both runs: {0} here, as near as possible there ({1}).',
        here,
        there,
      );

const otherRuleWords = (here: string, there: string, against: Against): string =>
  against === 'truth'
    ? l10n.t('By the ground truth here: {0}. The other run has too few known images for that rule: {1}.', here, there)
    : l10n.t('By reviewers’ labels here: {0}. The other run has too few known images for that rule: {1}.', here, there);

function sameRule(measure: Against | null): string {
  if (measure === null) return l10n.t('Each run’s threshold by the same rule.');
  return measure === 'truth'
    ? l10n.t('Each run’s threshold by the same rule, by the ground truth.')
    : l10n.t('Each run’s threshold by the same rule, by reviewers’ labels.');
}

function sameRuleAs(how: string, measure: Against | null): string {
  if (measure === null) return l10n.t('Each run’s threshold by the same rule: {0}.', how);
  return measure === 'truth'
    ? l10n.t('Each run’s threshold by the same rule, by the ground truth: {0}.', how)
    : l10n.t('Each run’s threshold by the same rule, by reviewers’ labels: {0}.', how);
}

/** Image metrics of two runs against the same labels: those of the images that are in both. */
export interface LabelFigures {
  readonly here: ImageFigures;
  readonly there: ImageFigures;
  readonly images: number;
}

/** Both runs against reviewers' labels, or null unless images of both classes in both runs are labelled. */
export function labelFigures(here: Table, labels: Int8Array, there: Table): LabelFigures | null {
  const known = classesThere(here, labels, 'labels', there);
  const shared = new Set(there.path);
  const own = labels.map((label, i) => (shared.has(here.path[i]) ? label : NONE));
  if (!known.includes(GOOD) || !known.includes(DEFECT)) return null;
  return {
    here: imageFigures(rankedCounts(here.score, here.ranking, own)),
    there: imageFigures(rankedCounts(there.score, there.ranking, known)),
    images: known.filter((label) => label !== NONE).length,
  };
}

function spearman(pairs: readonly Pair[]): number | null {
  const n = pairs.length;
  if (n < 2) return null;
  const squares = pairs.reduce((sum, { moved }) => sum + moved ** 2, 0);
  return 1 - (6 * squares) / (n * (n * n - 1));
}

/** A setting that two runs do not share. */
export interface Difference {
  readonly name: string;
  readonly here: string;
  readonly there: string;
}

/** What was done differently in two runs. */
export function settingDifferences(here: RunFile, there: RunFile): Difference[] {
  const theirs = described(there);
  return described(here)
    .map(([name, value], i) => ({ name, here: value, there: theirs[i][1] }))
    .filter((setting) => setting.here !== setting.there);
}

/** Names and values of a run's settings, in the same order for every run. */
function described({
  backbone,
  dataset,
  input,
  settings,
  device,
  images,
}: RunFile): (readonly [name: string, value: string])[] {
  return [
    [l10n.t('Backbone'), backbone.name],
    [l10n.t('Weights (SHA-256)'), backbone.sha256.slice(0, 12)],
    [l10n.t('Input'), `${input.width} × ${input.height} px`],
    [l10n.t('Taps'), settings.taps.join(', ')],
    [l10n.t('Degrees'), settings.degrees.join(', ')],
    [l10n.t('Kept ranks'), settings.keep.join(' – ')],
    [l10n.t('Fit'), settings.fit],
    [l10n.t('Preprocessing'), settings.preprocess ?? l10n.t('as the backbone says')],
    [l10n.t('Embedding'), settings.embedding ?? l10n.t('as the backbone says')],
    ['RsCIN', settings.rscin === 'off' ? l10n.t('off') : settings.rscin.join(', ')],
    [l10n.t('Subsets'), String(settings.subsets)],
    [l10n.t('Seed'), settings.subsets > 1 ? String(settings.seed) : '–'],
    [l10n.t('Protocol'), settings.protocol],
    [l10n.t('Data set'), dataset.layout],
    [l10n.t('Masks'), settings.masks ?? l10n.t('as the data set has them')],
    [l10n.t('Device'), device.label],
    [l10n.t('Images'), format.count(images.length)],
  ];
}
