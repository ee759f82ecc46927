import type { Label, RunImage } from '../../protocol/run-file';
import type { Truth } from '../dataset/dataset';
import { thresholdAtF1Max, suggestThreshold } from '../metrics/threshold';

/** A picture whose label or ground truth the score speaks against. */
export interface LabelDoubt {
  /** Index in the run's images. */
  readonly image: number;
  /** What was said: the reviewer's label, else ground truth. */
  readonly said: 'good' | 'defect';
  /** The reviewer and the ground truth disagree. */
  readonly conflict: boolean;
  /** Share of pictures of the other kind that are on this picture's side: 1 is surely strange, 0 as expected. */
  readonly doubt: number;
}

/**
 * Labels to check, the likeliest mistakes first: conflicts between reviewer and ground truth, and pictures on the wrong side of
 * the threshold, ordered by how deep they lie among the other kind. Without an image on the other side there is no doubt.
 */
export function labelDoubts(images: readonly RunImage[], labels: readonly (Label | null)[]): LabelDoubt[] {
  const said = images.map((image, i): Truth => {
    const label = labels[i];
    return label === 'good' || label === 'defect' ? label : label === 'unsure' ? null : image.truth;
  });
  const scores = images.map((i) => i.score);
  const threshold = thresholdAtF1Max(scores, said) ?? suggestThreshold(scores) ?? Infinity;
  const sorted = (of: Truth) => scores.filter((_, i) => said[i] === of).sort((a, b) => a - b);
  const others = { good: sorted('defect'), defect: sorted('good') };
  return images
    .flatMap((image, i): LabelDoubt[] => {
      const mine = said[i];
      if (mine === null) return [];
      const conflict = image.truth !== null && labels[i] !== null && mine !== image.truth;
      const wrongSide = mine === 'good' ? image.score >= threshold : image.score < threshold;
      if (!conflict && !wrongSide) return [];
      return [{ image: i, said: mine, conflict, doubt: shareBeyond(others[mine], image.score, mine) }];
    })
    .sort((a, b) => Number(b.conflict) - Number(a.conflict) || b.doubt - a.doubt || a.image - b.image);
}

/** Share of the other kind's scores that a good picture lies above, or a defect one below; a tie counts half. */
function shareBeyond(sorted: readonly number[], score: number, said: 'good' | 'defect'): number {
  if (sorted.length === 0) return 0.5;
  const below = sorted.filter((s) => s < score).length;
  const equal = sorted.filter((s) => s === score).length;
  const share = (below + equal / 2) / sorted.length;
  return said === 'good' ? share : 1 - share;
}
