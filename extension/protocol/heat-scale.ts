/** On the scale of maps: where colours begin and end, and where heat begins to show. The panel and the exports draw alike. */
export interface HeatScale {
  readonly low: number;
  readonly high: number;
  /** Below it nothing is drawn. */
  readonly clear: number;
  /** From here on heat is as opaque as the opacity says. */
  readonly full: number;
}

/** A picture's own scale: from its median patch to its hottest. Even a normal picture has a hottest patch: it will look hot. */
export function pictureScale(patches: Float32Array): HeatScale {
  const sorted = patches.slice().sort();
  const low = sorted[Math.floor(sorted.length / 2)];
  const high = Math.max(sorted[sorted.length - 1], low + 1e-6);
  return { low, high, clear: low + (high - low) * 0.25, full: low + (high - low) * 0.7 };
}

/** What the patch scores of a run span. */
export interface MapRange {
  readonly median: number;
  /** The highest value of any map. */
  readonly max: number;
}

/**
 * One scale for the whole run: colours from the run's median patch to its hottest; heat begins to show where `threshold`
 * (on maps) comes into sight and is full a little beyond, so that normal pictures stay clear.
 */
export function runScale(range: MapRange, threshold: number): HeatScale {
  const low = range.median;
  const high = Math.max(range.max, low + 1e-6);
  const line = Math.min(Math.max(threshold, low), high);
  return { low, high, clear: low + (line - low) * 0.6, full: line + (high - line) * 0.35 };
}

/** How much heat shows where, 0..1: nothing below `clear`, all of it from `full` on, smoothly between. */
export function fade(value: number, { clear, full }: HeatScale): number {
  const t = Math.min(Math.max((value - clear) / Math.max(full - clear, 1e-9), 0), 1);
  return t * t * (3 - 2 * t);
}
