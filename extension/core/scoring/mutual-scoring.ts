import { availableParallelism } from 'node:os';
import * as l10n from '@vscode/l10n';
import { cells } from '../array/grid';
import { MuscError } from '../errors';
import type { DeviceChoice } from '../settings';
import { planBlocks, tilePairs } from './block-plan';
import { Checkpoint, type CheckpointOptions } from './checkpoint';
import type { FeatureSource } from './feature-source';
import { keptRanks } from './kept-ranks';
import { isExtensible, keptCount, keptCountAfter, type ScoreState } from './score-state';
import { chooseScoringDevice, type ScoringDevice } from './scoring-device';
import { scoreTaps, type ScoringRun } from './scoring-run';
import { isOnDisk } from './share-source';
import { ScoringTotals } from './scoring-totals';
import { mergeShortlists, type Shortlists } from './shortlists';
import { newControl, type ScoringPlan } from './tap-job';

export interface MutualScoringOptions {
  /** Odd window sizes r of LNAMD. */
  readonly degrees: readonly number[];
  /** Kept interval of ranks (SPEC 4). */
  readonly keep: readonly [number, number];
  /** Worker threads; 0: one per core. */
  readonly threads: number;
  /** Budget in bytes for distances and workers; distances beyond it go to disk. */
  readonly memoryBytes: number;
  /** Where scratch files go; made if missing. */
  readonly scratchFolder: string;
  /** Where pairs are computed; anything but 'cpu' runs one graph on that execution provider, or the CPU where that fails. Default 'cpu'. */
  readonly device?: Exclude<DeviceChoice, 'auto'>;
  readonly signal?: AbortSignal;
  /**
   * Called several times a second with finished pairs, all that are to compute (unordered, over all taps; of a grown run the new ones
   * only), and how many of the finished ones an interrupted run had finished.
   */
  readonly progress?: (done: number, total: number, resumed: number) => void;
  /** Saves finished work now and then, and goes on from what was saved. */
  readonly checkpoint?: CheckpointOptions;
  /** Keeps what is needed to score added pictures later without redoing these. */
  readonly keepState?: boolean;
  /** Such a state of the first pictures. Not used where it is too small for exact scores: then all pairs are computed. */
  readonly previous?: ScoreState;
  /** Script of the worker threads; null: none, the calling thread does the work. Default: `worker.js` beside the bundle. */
  readonly workerFile?: string | null;
}

export interface MutualScores {
  /** N x P: patch scores, mean over taps, then over degrees. */
  readonly scores: Float32Array;
  /** Images worth looking at for each patch's nearest patches. */
  readonly neighbours: Shortlists;
  /** Null unless asked for. */
  readonly state: ScoreState | null;
  /** Where pairs were compared, and why not where it was asked for. */
  readonly device: ScoringDevice;
}

/**
 * Mutual scoring (paper 3.2, SPEC 3, 4, 10): every patch of every image is scored by its distances to the nearest patches of the other
 * images, for every tap and degree. `sources`: one per tap, layer-normed, equal in images and grid.
 * The result is the same, bit for bit, for any number of threads, any memory budget, after resuming, and when grown from a state.
 * Throws TOO_FEW_IMAGES, SETTING_INVALID, DISK_FULL, DEVICE_FAILED, CANCELLED.
 */
export async function scoreMutually(
  sources: readonly FeatureSource[],
  options: MutualScoringOptions,
): Promise<MutualScores> {
  validate(sources, options);
  const { images, grid } = sources[0];
  const { degrees, keep } = options;
  const patches = cells(grid);
  const previous = usable(options.previous, sources, options);
  const layout = { images, old: previous?.images ?? 0, width: degrees.length * patches };
  const kept = !options.keepState ? 0 : previous ? keptCountAfter(previous, images, keep) : keptCount(images, keep);
  const totals = new ScoringTotals({ images, patches, degrees: degrees.length, taps: sources.length, kept });
  const { device, fallback } = await chooseScoringDevice(options.device ?? 'cpu', { grid, degrees, batch: 1 });
  const blocks = planBlocks({
    layout,
    patches,
    channels: Math.max(...sources.map((s) => s.channels)),
    threads: options.threads || availableParallelism(),
    memoryBytes: options.memoryBytes,
    device,
    fromDisk: sources.some(isOnDisk),
  });
  const plan: ScoringPlan = {
    grid,
    degrees,
    ranks: keptRanks(keep, images - 1),
    batch: blocks.batch,
    device,
    layout,
    keptForLater: kept,
    control: newControl(),
  };
  const checkpoint = options.checkpoint
    ? await Checkpoint.open(options.checkpoint, { ...plan, taps: sources.length }, blocks.block, totals)
    : null;
  const run: ScoringRun = {
    plan,
    taps: sources.length,
    tiles: tilePairs(layout, checkpoint?.block ?? blocks.block),
    threads: blocks.threads,
    tableInMemory: blocks.tableInMemory,
    totals,
    previous,
    checkpoint,
    options,
  };
  await scoreTaps(run, sources);
  const found = totals.shortlists();
  const neighbours = previous ? mergeShortlists(previous.neighbours, found) : found;
  const state = { images, grid, degrees, count: kept, taps: totals.kept.map((k) => new Float32Array(k)), neighbours };
  return {
    scores: totals.scores(),
    neighbours,
    state: options.keepState ? state : null,
    device: { device, fallback },
  };
}

function validate(sources: readonly FeatureSource[], { degrees }: MutualScoringOptions): void {
  const images = sources[0]?.images ?? 0;
  if (images < 2)
    throw new MuscError(
      'TOO_FEW_IMAGES',
      images === 1
        ? l10n.t('mutual scoring needs two images, there is one')
        : l10n.t('mutual scoring needs two images, there is none'),
      {
        hint: l10n.t('choose a folder with more pictures'),
      },
    );
  if (degrees.length === 0 || degrees.some((d) => !Number.isInteger(d) || d < 1 || d % 2 === 0))
    throw new MuscError(
      'SETTING_INVALID',
      degrees.length === 0
        ? l10n.t('degrees must be odd and positive, not none')
        : l10n.t('degrees must be odd and positive, not {0}', degrees.join(', ')),
      {
        where: 'degrees',
        hint: l10n.t('the paper uses 1, 3, 5'),
      },
    );
}

function usable(
  previous: ScoreState | undefined,
  sources: readonly FeatureSource[],
  { degrees, keep }: MutualScoringOptions,
): ScoreState | null {
  const now = { ...sources[0], degrees, keep, taps: sources.length };
  return previous && isExtensible(previous, now) ? previous : null;
}
