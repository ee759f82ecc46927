import { createHash } from 'node:crypto';
import type { ScoreRequest } from '../../protocol/engine';
import type { Protocol } from '../settings';
import { resolveSettings } from './resolve-settings';

/** The protocol of a benchmark: its figures are held beside the paper's. */
export const benchProtocol = ({ protocol }: ScoreRequest): Protocol => protocol ?? 'reference';

/**
 * Eight letters that name everything about the request that decides figures, left out or not: benchmarks of other settings are never
 * continued. The name of a benchmark document ends in them. Throws SETTING_INVALID.
 */
export function benchKey(request: ScoreRequest): string {
  const {
    threads: _t,
    memoryBytes: _m,
    ...settings
  } = resolveSettings({ ...request, protocol: benchProtocol(request) });
  const { layout, embedding, preprocess, masks } = request;
  const deciding: Record<string, unknown> = { ...settings, layout: layout ?? 'auto', embedding, preprocess, masks };
  return createHash('sha256')
    .update(JSON.stringify(deciding, Object.keys(deciding).sort()))
    .digest('hex')
    .slice(0, 8);
}
