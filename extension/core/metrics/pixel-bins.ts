import { keyBits, orderKey } from './float-order';
import { COARSE } from './pixel-survey';
import type { SweepBatch } from './rank-sweep';

const FINE = 65536; // values of the lower half of an order key
/** Pixels of a full bin that are gathered before they are counted: then the bin's counts are in the cache for many of them. */
const STAGE = 16384;
const LIST = -1;
const SKIP = -2;

/** Bytes that one coarse bin takes in a pass, with the cheaper of counting every value and listing every pixel. */
const goodBytes = (n: number): number => Math.min(n * 2, FINE * 4 + STAGE * 2);
const markedBytes = (n: number): number => Math.min(n * 10, FINE * 12);
export const binBytes = (good: number, marked: number): number => goodBytes(good) + markedBytes(marked);

/**
 * The pixels of some coarse bins, by exact value. A full bin is an array of counts, one per float32 bit pattern; a sparse
 * one is a list. So 2.7 thousand million pixels between 0.25 and 1 take 100 MB, and a few pixels take a few bytes.
 */
export class PixelBins {
  private readonly goodAt = new Int32Array(COARSE).fill(SKIP);
  private readonly markedAt = new Int32Array(COARSE).fill(SKIP);
  private readonly goodCounts: Uint32Array | Float64Array;
  private readonly staged: Uint16Array;
  private readonly stagedCount: Int32Array;
  private readonly markedCounts: Uint32Array | Float64Array;
  private readonly markedWeights: Float64Array;
  private readonly goodList: Uint16Array;
  private readonly markedList: Uint16Array;
  private readonly markedListWeights: Float64Array;
  private readonly goodEnd = new Float64Array(COARSE);
  private readonly markedEnd = new Float64Array(COARSE);

  /** `good` and `marked`: pixels per coarse bin; `bins`: those taken in this pass, descending. */
  constructor(
    private readonly good: Float64Array,
    private readonly marked: Float64Array,
    private readonly bins: readonly number[],
  ) {
    const place = (counts: Float64Array, at: Int32Array, end: Float64Array, listed: (n: number) => boolean) => {
      let full = 0;
      let list = 0;
      let largest = 0;
      for (const bin of bins) {
        if (listed(counts[bin])) {
          at[bin] = LIST;
          end[bin] = list;
          list += counts[bin];
        } else at[bin] = full++;
        largest = Math.max(largest, counts[bin]);
      }
      // a count of 2^32 needs 16,000 pictures of one value: possible, so not assumed away
      const counter = largest < 2 ** 32 ? new Uint32Array(full * FINE) : new Float64Array(full * FINE);
      return { counter, full, list };
    };
    const g = place(good, this.goodAt, this.goodEnd, (n) => n * 2 <= FINE * 4 + STAGE * 2);
    const m = place(marked, this.markedAt, this.markedEnd, (n) => n * 10 <= FINE * 12);
    this.goodCounts = g.counter;
    this.goodList = new Uint16Array(g.list);
    this.staged = new Uint16Array(g.full * STAGE);
    this.stagedCount = new Int32Array(g.full);
    this.markedCounts = m.counter;
    this.markedWeights = new Float64Array(m.full * FINE);
    this.markedList = new Uint16Array(m.list);
    this.markedListWeights = new Float64Array(m.list);
  }

  /** Counts the unmarked pixels `from` up to, not including, `to` of a picture's bit patterns. */
  addGood(bits: Int32Array, from: number, to: number): void {
    const { goodAt, staged, stagedCount, goodList, goodEnd } = this;
    for (let i = from; i < to; i++) {
      const key = orderKey(bits[i]);
      const bin = key >>> 16;
      const at = goodAt[bin];
      if (at >= 0) {
        const n = stagedCount[at]++;
        staged[at * STAGE + n] = key & 0xffff;
        if (n === STAGE - 1) this.countStaged(at);
      } else if (at === LIST) goodList[goodEnd[bin]++] = key & 0xffff;
    }
  }

  private countStaged(at: number): void {
    const { goodCounts, staged } = this;
    const end = at * STAGE + this.stagedCount[at];
    for (let k = at * STAGE; k < end; k++) goodCounts[at * FINE + staged[k]]++;
    this.stagedCount[at] = 0;
  }

  /** Counts marked pixels; `weight`: 1 / area of their region. */
  addMarked(bits: Int32Array, from: number, to: number, weight: number): void {
    for (let i = from; i < to; i++) {
      const key = orderKey(bits[i]);
      const bin = key >>> 16;
      const at = this.markedAt[bin];
      if (at >= 0) {
        const cell = at * FINE + (key & 0xffff);
        this.markedCounts[cell]++;
        this.markedWeights[cell] += weight;
      } else if (at === LIST) {
        this.markedListWeights[this.markedEnd[bin]] = weight;
        this.markedList[this.markedEnd[bin]++] = key & 0xffff;
      }
    }
  }

  /** Every distinct value of the bins, descending, a batch per bin: good until the next one is asked for. */
  *batches(): Generator<SweepBatch> {
    const good = new Float64Array(FINE);
    const marked = new Float64Array(FINE);
    const weight = new Float64Array(FINE);
    const batch = {
      values: new Float32Array(FINE),
      positives: new Float64Array(FINE),
      negatives: new Float64Array(FINE),
      weights: new Float64Array(FINE),
    };
    const bits = new Int32Array(batch.values.buffer);
    for (const bin of this.bins) {
      this.loadGood(bin, good);
      this.loadMarked(bin, marked, weight);
      const lows = this.lowsOf(bin);
      let count = 0;
      for (let i = (lows ? lows.length : FINE) - 1; i >= 0; i--) {
        const low = lows ? lows[i] : i;
        if (good[low] === 0 && marked[low] === 0) continue;
        bits[count] = keyBits((bin << 16) | low);
        batch.positives[count] = marked[low];
        batch.negatives[count] = good[low];
        batch.weights[count++] = weight[low];
        good[low] = marked[low] = weight[low] = 0;
      }
      yield { count, ...batch };
    }
  }

  /** The sorted lower halves of a bin with few pixels (values may repeat), or null: look at all of them. */
  private lowsOf(bin: number): Uint16Array | null {
    if (this.goodAt[bin] !== LIST || this.markedAt[bin] !== LIST) return null;
    const [g, m] = [this.goodOf(bin), this.markedOf(bin)];
    if (g.length + m.length > FINE / 16) return null;
    const lows = new Uint16Array(g.length + m.length);
    lows.set(g);
    lows.set(m, g.length);
    return lows.sort();
  }

  private goodOf(bin: number): Uint16Array {
    return this.goodList.subarray(this.goodEnd[bin] - this.good[bin], this.goodEnd[bin]);
  }

  private markedOf(bin: number): Uint16Array {
    return this.markedList.subarray(this.markedEnd[bin] - this.marked[bin], this.markedEnd[bin]);
  }

  private loadGood(bin: number, into: Float64Array): void {
    const at = this.goodAt[bin];
    if (at >= 0) {
      this.countStaged(at);
      into.set(this.goodCounts.subarray(at * FINE, (at + 1) * FINE));
    } else for (const low of this.goodOf(bin)) into[low]++;
  }

  private loadMarked(bin: number, count: Float64Array, weight: Float64Array): void {
    const at = this.markedAt[bin];
    if (at >= 0) {
      count.set(this.markedCounts.subarray(at * FINE, (at + 1) * FINE));
      weight.set(this.markedWeights.subarray(at * FINE, (at + 1) * FINE));
      return;
    }
    const lows = this.markedOf(bin);
    const start = this.markedEnd[bin] - this.marked[bin];
    for (let i = 0; i < lows.length; i++) {
      count[lows[i]]++;
      weight[lows[i]] += this.markedListWeights[start + i];
    }
  }
}
