import type { PatchScores } from '../../extension/protocol/panel';
import type { PatchMap } from '../model/sample';

/** The host's answer as one map per image asked for, an Error where it could not be read. */
export function patchMaps(
  { height, width }: { readonly height: number; readonly width: number },
  count: number,
  { scores, unread }: PatchScores,
): (PatchMap | Error)[] {
  const length = height * width;
  const reasons = new Map(unread);
  return Array.from({ length: count }, (_, i) => {
    const reason = reasons.get(i);
    if (reason !== undefined) return new Error(reason);
    return { width, height, data: scores.slice(i * length, (i + 1) * length) };
  });
}
