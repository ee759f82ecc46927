import type { Truth } from '../dataset/dataset';
import { ownThreshold } from '../metrics/threshold';
import type { RunFile } from '../../protocol/run-file';
import { flatMetrics } from './export/picture-rows';
import { ranks } from './ranking';

/** A metric in both runs; `difference` is b less a, null where either is undefined. */
export interface MetricDifference {
  readonly name: string;
  readonly a: number | null;
  readonly b: number | null;
  readonly difference: number | null;
}

/** A picture that is in both runs. Scores of two runs have no common scale: ranks and sides of the threshold have. */
export interface PictureDifference {
  readonly path: string;
  /** Index in each run's images. */
  readonly a: number;
  readonly b: number;
  readonly truth: Truth;
  readonly scoreA: number;
  readonly scoreB: number;
  readonly rankA: number;
  readonly rankB: number;
  /** Ranks climbed from a to b (towards more anomalous: positive), with ranks counted among the common pictures. */
  readonly climbed: number;
  /** Flagged in b only, in a only, or the same in both. */
  readonly crossed: 'up' | 'down' | null;
}

export interface RunComparison {
  readonly metrics: readonly MetricDifference[];
  /** Pictures of both runs, those whose rank changed most first. */
  readonly pictures: readonly PictureDifference[];
  /** Paths in one of the runs only. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  readonly thresholds: { readonly a: number | null; readonly b: number | null };
  /** Settings that differ, for people: "backbone: a, b". */
  readonly settings: readonly { readonly name: string; readonly a: string; readonly b: string }[];
}

/** The threshold a run is judged at unless the user sets one. */
const thresholdOf = ({ images }: RunFile): number | null =>
  ownThreshold(
    images.map(({ score }) => score),
    images.map(({ truth }) => truth),
  ).value;

/** Compares two runs of one folder, picture by picture. `thresholds`: image-score thresholds, by default each run's own. */
export function compareRuns(
  a: RunFile,
  b: RunFile,
  thresholds: { readonly a: number | null; readonly b: number | null } = { a: thresholdOf(a), b: thresholdOf(b) },
): RunComparison {
  const inB = new Map(b.images.map((image, i) => [image.path, i]));
  const common = a.images.flatMap((image, i) => {
    const j = inB.get(image.path);
    return j === undefined ? [] : [{ i, j, path: image.path }];
  });
  const both = new Set(common.map((c) => c.path));
  const rankA = ranks(common.map((c) => a.images[c.i]));
  const rankB = ranks(common.map((c) => b.images[c.j]));
  const pictures = common.map(({ i, j, path }, n): PictureDifference => {
    const [x, y] = [a.images[i], b.images[j]];
    const flaggedA = thresholds.a !== null && x.score >= thresholds.a;
    const flaggedB = thresholds.b !== null && y.score >= thresholds.b;
    return {
      path,
      a: i,
      b: j,
      truth: y.truth ?? x.truth,
      scoreA: x.score,
      scoreB: y.score,
      rankA: rankA[n],
      rankB: rankB[n],
      climbed: rankA[n] - rankB[n],
      crossed: flaggedA === flaggedB ? null : flaggedB ? 'up' : 'down',
    };
  });
  pictures.sort((p, q) => Math.abs(q.climbed) - Math.abs(p.climbed) || (p.path < q.path ? -1 : 1));
  return {
    metrics: metricDifferences(a, b),
    pictures,
    onlyA: a.images.filter((i) => !both.has(i.path)).map((i) => i.path),
    onlyB: b.images.filter((i) => !both.has(i.path)).map((i) => i.path),
    thresholds,
    settings: settingDifferences(a, b),
  };
}

function metricDifferences(a: RunFile, b: RunFile): MetricDifference[] {
  const [inA, inB] = [a, b].map((run) => new Map(flatMetrics(run).map((m) => [m.name, m.value])));
  return [...new Set([...inA.keys(), ...inB.keys()])].map((name) => {
    const [x, y] = [inA.get(name) ?? null, inB.get(name) ?? null];
    return { name, a: x, b: y, difference: x === null || y === null ? null : y - x };
  });
}

function settingDifferences(a: RunFile, b: RunFile): { name: string; a: string; b: string }[] {
  const facts = (run: RunFile): Record<string, string> => ({
    backbone: run.backbone.name,
    weights: run.backbone.sha256.slice(0, 12),
    taps: run.settings.taps.join(', '),
    input: `${run.input.width} x ${run.input.height}`,
    protocol: run.settings.protocol,
    degrees: run.settings.degrees.join(', '),
    keep: run.settings.keep.join(' - '),
    rscin: run.settings.rscin === 'off' ? 'off' : run.settings.rscin.join(', '),
    subsets: String(run.settings.subsets),
    device: run.device.label,
  });
  const [x, y] = [facts(a), facts(b)];
  return Object.keys(x)
    .filter((name) => x[name] !== y[name])
    .map((name) => ({ name, a: x[name], b: y[name] }));
}
