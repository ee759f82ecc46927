import * as l10n from '@vscode/l10n';
import * as format from './format';

/** What a patch was compared with. */
export interface Compared {
  /** Of the nearest patches found, nearest first. */
  readonly distances: readonly number[];
  /** The threshold on the scale of maps: from it on, two patches do not look alike. */
  readonly line: number;
  /** Images of the run beside the patch's own. */
  readonly others: number;
  /** Into how many parts the run was split; an image is compared within its part. */
  readonly subsets: number;
}

/** Whether something like a patch exists elsewhere, judged by the same threshold as everything else. */
export function whyText({ distances, line, others, subsets }: Compared): string {
  if (distances.length === 0) return l10n.t('there is no other image to compare with.');
  if (distances[0] >= line)
    return subsets > 1
      ? l10n.t('nothing in the images it was compared with looks like this patch. Nearest, with distance:')
      : l10n.t('nothing in the other {0} images looks like this patch. Nearest, with distance:', format.count(others));
  const close = distances.filter((distance) => distance < line).length;
  return close === distances.length
    ? l10n.t('this patch looks like these in other images, with distance:')
    : l10n.t('only {0} of the nearest {1} patches of other images really look like this one:', close, distances.length);
}
