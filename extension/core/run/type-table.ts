import type { RunFile } from '../../protocol/run-file';
import { imageMetrics } from '../metrics/image-metrics';
import type { Metric } from '../metrics/metric';

/** One defect type of a run. */
export interface TypeRow {
  readonly type: string;
  readonly count: number;
  readonly defects: number;
  readonly meanScore: number;
  readonly topScore: number;
  /** This type's defects against all good pictures. */
  readonly auroc: Metric;
}

/** A run by defect type, types sorted. */
export function typeTable(run: Pick<RunFile, 'images'>): TypeRow[] {
  const good = run.images.filter((i) => i.truth === 'good');
  const types = [...new Set(run.images.map((i) => i.type))].sort();
  return types.map((type) => {
    const members = run.images.filter((i) => i.type === type);
    const defects = members.filter((i) => i.truth === 'defect');
    const compared = [...good, ...defects];
    const scores = members.map((i) => i.score);
    return {
      type,
      count: members.length,
      defects: defects.length,
      meanScore: scores.reduce((a, b) => a + b, 0) / scores.length,
      topScore: scores.reduce((a, b) => Math.max(a, b)),
      auroc: imageMetrics(
        compared.map((i) => i.score),
        compared.map((i) => i.truth),
      ).auroc,
    };
  });
}
