import { cells } from '../array/grid';
import type { Backbone } from '../backbone/backbone';
import { FeatureStore, sharedSource, type SharedFeatureSource } from '../scoring/feature-store';
import { layerNormPatches } from '../scoring/lnamd';
import { divideIntoSubsets } from '../scoring/subsets';
import type { CachedFeatures } from './feature-cache';

/** Smallest spread that standardising divides by: a channel that never changes says nothing. */
const MIN_DEVIATION = 1e-6;

export interface CollectorOptions {
  readonly backbone: Backbone;
  /** Defect type of each picture of the data set, readable or not. */
  readonly types: readonly string[];
  readonly subsets: number;
  readonly seed: number;
  readonly memoryBytes: number;
  readonly scratchFolder: string;
  /** Pictures (indices in the data set) that must come first, in this order; only with one subset. */
  readonly first: readonly number[];
}

/** Pictures that score each other, and their features, one source per tap. */
export interface SubsetFeatures {
  /** Position of each of the subset's pictures among all collected ones. */
  readonly members: readonly number[];
  readonly sources: readonly SharedFeatureSource[];
}

/**
 * Takes the raw features of pictures one by one and has them ready for mutual scoring: layer-normed, dealt out to
 * subsets (paper 4.3), in memory or on disk as the budget allows. Where the backbone asks for folder statistics, each
 * channel is standardised over all pictures first: (x - mean) / standard deviation, over every patch of the folder.
 */
export class FeatureCollector {
  private readonly stores: FeatureStore[] = [];
  private readonly members: number[][] = [];
  private readonly subsetOf: number[] = [];
  /** Per tap and channel: sum and sum of squares over all patches. */
  private readonly sums: Float64Array[];
  private readonly squares: Float64Array[];
  private count = 0;
  private readonly slotOf: Map<number, number>;
  private readonly next: number[] = [];

  private constructor(private readonly options: CollectorOptions) {
    this.sums = options.backbone.channels.map((c) => new Float64Array(c));
    this.squares = options.backbone.channels.map((c) => new Float64Array(c));
    this.slotOf = new Map(options.first.map((image, slot) => [image, slot]));
  }

  /** Throws DISK_FULL where the features fit neither memory nor disk. */
  static async create(options: CollectorOptions): Promise<FeatureCollector> {
    const collector = new FeatureCollector(options);
    const groups = divideIntoSubsets(options.types, options.subsets, options.seed);
    try {
      for (const [s, group] of groups.entries()) {
        collector.next.push(options.first.length);
        for (const image of group) collector.subsetOf[image] = s;
        collector.members.push([]);
        collector.stores.push(
          await FeatureStore.create({
            images: group.length,
            grid: options.backbone.grid,
            channels: options.backbone.channels,
            memoryBytes: Math.floor((options.memoryBytes * group.length) / options.types.length),
            scratchFolder: options.scratchFolder,
          }),
        );
      }
    } catch (error) {
      await collector.close();
      throw error;
    }
    return collector;
  }

  private get standardise(): boolean {
    return this.options.backbone.info.folderStatistics === 'standardise';
  }

  /** Adds the features of picture `image` (its index in the data set). */
  add(image: number, features: CachedFeatures): void {
    const s = this.subsetOf[image];
    const slot = this.slotOf.get(image) ?? this.next[s]++;
    this.members[s][slot] = this.count++;
    this.split(features.taps).forEach((tap, t) => {
      if (this.standardise) this.observe(tap, t);
      this.stores[s].put(slot, t, this.standardise ? tap : layerNormPatches(tap));
    });
  }

  /** Whether all pictures that must come first are in. */
  get complete(): boolean {
    return this.options.first.every((_, slot) => this.members[0][slot] !== undefined);
  }

  /** The subsets, once all pictures are in. */
  async finish(): Promise<SubsetFeatures[]> {
    if (!this.complete) await this.closeGaps();
    if (this.standardise) await this.applyStatistics();
    return this.members.map((members, s) => ({
      members,
      sources: this.options.backbone.channels.map((_, t) =>
        sharedSource({ ...this.stores[s].source(t).shared, images: members.length }),
      ),
    }));
  }

  async close(): Promise<void> {
    await Promise.all(this.stores.splice(0).map((store) => store.close()));
  }

  /** A picture that should come first could not be read: later ones move up. */
  private async closeGaps(): Promise<void> {
    const [members] = this.members;
    for (let slot = 0; slot < members.length; slot++) {
      if (members[slot] !== undefined) continue;
      const last = members.length - 1;
      for (const t of this.options.backbone.channels.keys())
        this.stores[0].put(slot, t, await this.stores[0].source(t).load(last));
      members[slot] = members[last];
      members.length = last;
      while (members.length > 0 && members[members.length - 1] === undefined) members.length--;
    }
  }

  private split(all: Float32Array): Float32Array[] {
    const patches = cells(this.options.backbone.grid);
    let at = 0;
    return this.options.backbone.channels.map((c) => all.subarray(at, (at += patches * c)));
  }

  private observe(tap: Float32Array, t: number): void {
    const [sums, squares] = [this.sums[t], this.squares[t]];
    for (let i = 0, c = 0; i < tap.length; i++, c = c + 1 === sums.length ? 0 : c + 1) {
      sums[c] += tap[i];
      squares[c] += tap[i] * tap[i];
    }
  }

  private async applyStatistics(): Promise<void> {
    const n = this.count * cells(this.options.backbone.grid);
    for (const [t, sums] of this.sums.entries()) {
      const mean = sums.map((s) => s / n);
      const scale = this.squares[t].map(
        (q, c) => 1 / Math.max(MIN_DEVIATION, Math.sqrt(Math.max(0, q / n - mean[c] * mean[c]))),
      );
      for (const [s, store] of this.stores.entries())
        for (let slot = 0; slot < this.members[s].length; slot++) {
          const tap = await store.source(t).load(slot);
          for (let i = 0, c = 0; i < tap.length; i++, c = c + 1 === mean.length ? 0 : c + 1)
            tap[i] = (tap[i] - mean[c]) * scale[c];
          store.put(slot, t, layerNormPatches(tap));
        }
    }
  }
}
