import { createHash } from 'node:crypto';
import type { ScoreRequest } from '../../protocol/engine';
import { resolveSettings } from './resolve-settings';

/**
 * A request as a benchmark means it. The `reference` protocol is the default, as its figures are held beside the paper's, and pictures
 * are squashed as there unless their shape was asked for: a mean is over inputs of one size.
 */
export const asBenchmark = <R extends ScoreRequest>(request: R) => ({
  ...request,
  protocol: request.protocol ?? 'reference',
  fit: request.fit === 'keep' ? ('keep' as const) : ('squash' as const),
});

/**
 * Eight letters that name everything about the request that decides figures, left out or not: benchmarks of other settings are never
 * continued. The name of a benchmark document ends in them. Throws SETTING_INVALID.
 */
export function benchKey(request: ScoreRequest): string {
  const { threads: _t, memoryBytes: _m, ...settings } = resolveSettings(asBenchmark(request));
  const { layout, embedding, preprocess, masks } = request;
  const deciding: Record<string, unknown> = { ...settings, layout: layout ?? 'auto', embedding, preprocess, masks };
  return createHash('sha256')
    .update(JSON.stringify(deciding, Object.keys(deciding).sort()))
    .digest('hex')
    .slice(0, 8);
}
