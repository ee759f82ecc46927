import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';
import { readSealed, writeSealed, type SealedArray } from './sealed-file';
import { shortlistLength, type Shortlists } from './shortlists';

/** What a run gathers over its taps. Buffers are shared with the workers. */
export class ScoringTotals {
  /** N x degrees x P: sums over taps of the mean kept distances. */
  readonly sums: Float64Array;
  readonly shortlist: {
    readonly length: number;
    readonly images: SharedArrayBuffer;
    readonly bounds: SharedArrayBuffer;
  };
  /** Per tap, N x kept x degrees x P distances for a later run; empty where none are kept. */
  readonly kept: readonly SharedArrayBuffer[];

  constructor(
    private readonly shape: { images: number; patches: number; degrees: number; taps: number; kept: number },
  ) {
    const { images, patches, degrees, taps, kept } = shape;
    const length = shortlistLength(images);
    const places = images * patches * length * 4;
    this.sums = new Float64Array(images * degrees * patches);
    this.shortlist = {
      length,
      images: new SharedArrayBuffer(places),
      bounds: new SharedArrayBuffer(places),
    };
    const size = images * kept * degrees * patches * 4;
    this.kept = kept > 0 ? Array.from({ length: taps }, () => new SharedArrayBuffer(size)) : [];
    this.clear();
  }

  clear(): void {
    this.sums.fill(0);
    new Uint32Array(this.shortlist.images).fill(0);
    new Float32Array(this.shortlist.bounds).fill(Infinity);
  }

  /** Adds a tap's means, N x degrees x P. */
  add(means: Float64Array): void {
    for (let i = 0; i < means.length; i++) this.sums[i] += means[i];
  }

  /** N x P: mean over taps, then over degrees (SPEC 4). */
  scores(): Float32Array {
    const { images, patches, degrees, taps } = this.shape;
    const out = new Float32Array(images * patches);
    for (let i = 0; i < images; i++)
      for (let p = 0; p < patches; p++) {
        let sum = 0;
        for (let d = 0; d < degrees; d++) sum += this.sums[(i * degrees + d) * patches + p] / taps;
        out[i * patches + p] = sum / degrees;
      }
    return out;
  }

  /** The lists, with bounds as means over all taps. */
  shortlists(): Shortlists {
    const { length, images, bounds } = this.shortlist;
    return {
      length,
      images: new Uint32Array(images).slice(),
      bounds: new Float32Array(bounds).map((b) => b / this.shape.taps),
    };
  }

  /** What has to be saved to go on later, but for the kept distances. */
  arrays(): Record<string, SealedArray> {
    return {
      sums: this.sums,
      images: new Uint32Array(this.shortlist.images),
      bounds: new Float32Array(this.shortlist.bounds),
    };
  }

  /** Takes over saved arrays; false where they do not fit. */
  restore(arrays: ReadonlyMap<string, SealedArray>): boolean {
    const own = Object.entries(this.arrays());
    if (!own.every(([name, array]) => arrays.get(name)?.length === array.length)) return false;
    for (const [name, array] of own) array.set(arrays.get(name) ?? []);
    return true;
  }

  async writeKept(tap: number, file: string): Promise<void> {
    if (this.kept.length > 0) await writeSealed(file, null, { kept: new Float32Array(this.kept[tap]) });
  }

  async readKept(tap: number, file: string): Promise<void> {
    if (this.kept.length === 0) return;
    const array = (await readSealed(file)).arrays.get('kept');
    const own = new Float32Array(this.kept[tap]);
    if (array?.length !== own.length)
      throw new MuscError('FILE_INVALID', l10n.t('the file is damaged'), { where: file });
    own.set(array);
  }
}
