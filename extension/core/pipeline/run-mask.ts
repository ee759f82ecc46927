import { cells } from '../array/grid';
import { nativeMask, scaleMask } from '../image/mask';
import { datasetRoot } from '../run/run-folder';
import { keptRun } from '../run/run-kept';
import { resolveMask } from '../run/safe-path';
import { MuscError } from '../errors';

/** Ground truth of a run's picture for display, longer side at most `longest` pixels; null where it has no mask. */
export async function runMask(
  runPath: string,
  image: number,
  longest: number,
): Promise<{ width: number; height: number; data: Uint8Array } | null> {
  const run = await keptRun(runPath);
  const entry = run.images[image];
  if (entry === undefined) throw new MuscError('USAGE', `the run has no picture ${image}`);
  if (entry.mask === null) return null;
  const mask = await nativeMask(await resolveMask(datasetRoot(runPath, run), entry.mask));
  const factor = Math.min(1, longest / Math.max(mask.width, mask.height));
  const size = {
    width: Math.max(1, Math.round(mask.width * factor)),
    height: Math.max(1, Math.round(mask.height * factor)),
  };
  const data = factor === 1 ? mask.data : scaleMask(mask.data, mask, size);
  if (data.length !== cells(size)) throw new MuscError('INTERNAL', 'a scaled mask has the wrong size');
  return { ...size, data };
}
