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

  private constructor(private readonly options: CollectorOptions) {
    this.sums = options.backbone.channels.map((c) => new Float64Array(c));
    this.squares = options.backbone.channels.map((c) => new Float64Array(c));
  }

  /** Throws DISK_FULL where the features fit neither memory nor disk. */
  static async create(options: CollectorOptions): Promise<FeatureCollector> {
    const collector = new FeatureCollector(options);
    const groups = divideIntoSubsets(options.types, options.subsets, options.seed);
    try {
      for (const [s, group] of groups.entries()) {
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
    const slot = this.members[s].push(this.count++) - 1;
    this.split(features.taps).forEach((tap, t) => {
      if (this.standardise) this.observe(tap, t);
      this.stores[s].put(slot, t, this.standardise ? tap : layerNormPatches(tap));
    });
  }

  /** The subsets, once all pictures are in. */
  async finish(): Promise<SubsetFeatures[]> {
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
