import * as l10n from '@vscode/l10n';
import type { Truth } from '../dataset/dataset';
import type { ImageMetrics } from './metric';
import { RankSweep } from './rank-sweep';
import { countTruth, sweepTruth } from './truth-sweep';

/**
 * AUROC, F1-max and AP of image scores (fractions). `labels`: ground truth, one per score; null is left out.
 * Both protocols agree here. One class only: absent with the reason. Throws INTERNAL for a score that is no finite number.
 */
export function imageMetrics(scores: ArrayLike<number>, labels: readonly Truth[]): ImageMetrics {
  const { positives, negatives } = countTruth(labels);
  const sweep = new RankSweep(positives, negatives);
  sweepTruth(scores, labels, [sweep]);
  if (positives + negatives === 0) {
    const absent = { absent: l10n.t('no picture has a ground truth') };
    return { auroc: absent, f1max: absent, ap: absent };
  }
  return { auroc: sweep.auroc(), f1max: sweep.f1max(), ap: sweep.ap() };
}
