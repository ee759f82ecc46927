import * as l10n from '@vscode/l10n';
import type { Output } from '../session-backbone';

/** What one picture gave on a device, and how long the second of two runs took. */
export interface Probe {
  readonly outputs: Readonly<Record<string, Output>>;
  readonly milliseconds: number;
}

/**
 * Largest root mean square error of an output relative to the CPU's that still counts as right: float16 and TensorFloat-32
 * stay below 0.005, a broken kernel is off by tenths.
 */
const TOLERANCE = 0.02;

/** Relative root mean square difference of two outputs; infinite where shapes differ or a value is not finite. */
export function relativeError(actual: Output, truth: Output): number {
  if (actual.dims.join() !== truth.dims.join()) return Infinity;
  let error = 0;
  let size = 0;
  for (let i = 0; i < truth.data.length; i++) {
    error += (actual.data[i] - truth.data[i]) ** 2;
    size += truth.data[i] ** 2;
  }
  const ratio = size > 0 ? Math.sqrt(error / size) : Math.sqrt(error);
  return Number.isNaN(ratio) ? Infinity : ratio;
}

/** Why the outputs of `device` (its name for people) are not to be trusted, in one sentence, or null. */
export function wrongNumbers(device: string, actual: Probe['outputs'], truth: Probe['outputs']): string | null {
  for (const [name, output] of Object.entries(truth)) {
    const error = name in actual ? relativeError(actual[name], output) : Infinity;
    if (error <= TOLERANCE) continue;
    return Number.isFinite(error)
      ? l10n.t('{0} gives wrong numbers ({1} is off by {2} %)', device, name, (error * 100).toPrecision(2))
      : l10n.t('{0} gives wrong numbers ({1} is off by everything)', device, name);
  }
  return null;
}
