/** For every patch the images most likely to hold its nearest patches, best first. */
export interface Shortlists {
  /** Images listed per patch, at most N - 1. */
  readonly length: number;
  /** N x P x length image indices. */
  readonly images: Uint32Array;
  /** N x P x length: mean over taps and degrees of the distances to the nearest patch, a lower bound of any one patch's. */
  readonly bounds: Float32Array;
}

/** Images listed per patch: enough to show a handful of good ones. */
const LENGTH = 16;

export const shortlistLength = (images: number): number => Math.min(LENGTH, images - 1);

/**
 * Adds one tap's distances of an image's patches to their shortlists. `row`: entries x degrees x P distances, of which entry e is image
 * `first` + e and entry `skip` means nothing. `images` and `bounds`: P x length, the lists so far, bounds summed over `before` taps.
 * Images that enter late are given the worst listed bound for the taps they missed. Unused places have the bound +Infinity.
 */
export function extendShortlists(
  row: Float32Array,
  entries: number,
  patches: number,
  options: { first: number; skip: number; before: number; length: number },
  images: Uint32Array,
  bounds: Float32Array,
): void {
  const { first, skip, before, length } = options;
  const degrees = row.length / entries / patches;
  const used = Math.min(length, skip >= 0 ? entries - 1 : entries);
  const sums = new Float32Array(entries * patches); // of this tap, over degrees
  for (let e = 0; e < entries; e++)
    for (let d = 0; d < degrees; d++) {
      const from = (e * degrees + d) * patches;
      for (let p = 0; p < patches; p++) sums[e * patches + p] += row[from + p];
    }
  const listed = new Uint32Array(length);
  const totals = new Float32Array(length).fill(Infinity);
  const isListed = new Uint8Array(entries);
  for (let p = 0; p < patches; p++) {
    let count = 0;
    const insert = (image: number, total: number): void => {
      if (count === used && total >= totals[used - 1]) return;
      let at = count < used ? count++ : used - 1;
      for (; at > 0 && totals[at - 1] > total; at--) {
        totals[at] = totals[at - 1];
        listed[at] = listed[at - 1];
      }
      totals[at] = total;
      listed[at] = image;
    };
    const start = p * length;
    let missed = 0;
    if (before > 0) {
      isListed.fill(0);
      for (let k = 0; k < used; k++) {
        const entry = images[start + k] - first;
        isListed[entry] = 1;
        insert(images[start + k], bounds[start + k] + sums[entry * patches + p] / degrees);
      }
      missed = bounds[start + used - 1];
    }
    for (let e = 0; e < entries; e++)
      if (e !== skip && isListed[e] === 0) insert(first + e, missed + sums[e * patches + p] / degrees);
    images.set(listed, start);
    bounds.set(totals, start);
  }
}

/** Joins the lists of a grown run: the old images' earlier ones and those found now, which may have places unused. */
export function mergeShortlists(earlier: Shortlists, found: Shortlists): Shortlists {
  const { length } = found;
  const images = found.images.slice();
  const bounds = found.bounds.slice();
  for (let patch = 0; patch < earlier.images.length / earlier.length; patch++) {
    const candidates = [
      ...listed(earlier, patch),
      ...listed(found, patch).filter(([, bound]) => Number.isFinite(bound)),
    ];
    candidates.sort((a, b) => a[1] - b[1]);
    for (const [k, [image, bound]] of candidates.slice(0, length).entries()) {
      images[patch * length + k] = image;
      bounds[patch * length + k] = bound;
    }
  }
  return { length, images, bounds };
}

const listed = ({ length, images, bounds }: Shortlists, patch: number): [number, number][] =>
  Array.from({ length }, (_, k) => [images[patch * length + k], bounds[patch * length + k]]);
