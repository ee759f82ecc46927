import * as l10n from '@vscode/l10n';
import { cells } from '../array/grid';
import type { Backbone } from '../backbone/backbone';
import { MuscError } from '../errors';
import type { SubsetNeighbours } from '../run/run-neighbours';
import { splitMemory } from '../scoring/memory-split';
import { scoreMutually } from '../scoring/mutual-scoring';
import type { SettledSettings } from '../settings';
import type { Collected } from './collect-features';
import { ProgressMeter } from './progress-meter';
import type { ClaimedCheckpoint } from './score-memory';
import type { ScoreContext } from './score-folder';
import { scratchParent } from './scratch';

export interface Scored {
  /** N x P patch scores in the order of the pictures. */
  readonly maps: Float32Array;
  readonly neighbours: readonly SubsetNeighbours[];
  readonly seconds: number;
  /** What was saved on the way. It stays until the run is written: then it is finished, and in any case released. */
  readonly saved: readonly ClaimedCheckpoint[];
  /** Lets later runs build on this one's distances: only once its run is written, as an interrupted one builds on what was before. */
  readonly remember: () => Promise<void>;
}

export interface ScoreSubsetsOptions {
  readonly collected: Collected;
  readonly backbone: Backbone;
  readonly settings: SettledSettings;
  readonly memoryBytes: number;
  /** Go on with an interrupted run of the same pictures and settings. */
  readonly resume: boolean;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/**
 * Mutual scoring of every subset, pooled (paper 4.3). Progress is saved now and then; a single subset's distances are
 * remembered, so that added pictures cost only their own pairs. Throws TOO_FEW_IMAGES, DISK_FULL, CANCELLED.
 */
export async function scoreSubsets(
  { collected, backbone, settings, memoryBytes, resume }: ScoreSubsetsOptions,
  { signal, progress, log }: ScoreContext,
): Promise<Scored> {
  const patches = cells(backbone.grid);
  const { images, subsets, memory } = collected;
  checkCounts(collected);
  const pairs = subsets.map(({ members }) => (members.length * (members.length - 1) * backbone.taps.length) / 2);
  const resumed = subsets.map(() => 0);
  const meter = new ProgressMeter('scoring', sum(pairs), progress);
  const maps = new Float32Array(images.length * patches);
  const neighbours: SubsetNeighbours[] = [];
  const saved: ClaimedCheckpoint[] = [];
  let remember = (): Promise<void> => Promise.resolve();
  try {
    for (const [s, { members, sources }] of subsets.entries()) {
      const pictures = members.map((i) => images[i].state.hash);
      const alone = subsets.length === 1 && backbone.info.folderStatistics === 'none';
      // a remembered picture may have been replaced since it was looked at
      const unchanged = memory.pictures.every((hash, i) => pictures[i] === hash);
      const previous = alone && collected.grown && unchanged ? await memory.previous() : null;
      const keepState =
        alone && memory.keeps(images.length, sources.length, settings.degrees.length * patches, settings.keep);
      const tableBytes = 4 * members.length ** 2 * settings.degrees.length * patches;
      const checkpoint = await memory.checkpoint(pictures, resume, tableBytes, (why) =>
        log('info', l10n.t('Progress is not saved on the way: {0}.', why)),
      );
      if (checkpoint) saved.push(checkpoint);
      const result = await scoreMutually(sources, {
        degrees: settings.degrees,
        keep: settings.keep,
        threads: settings.threads,
        memoryBytes: splitMemory(memoryBytes).scoring,
        scratchFolder: scratchParent(),
        device: backbone.device.name,
        signal,
        progress: (done, total, known) => {
          const grown = total < pairs[s]; // told for the first time, and enough is remembered
          if (previous && grown)
            log('info', `Only the pairs of ${images.length - previous.images} added pictures are new.`);
          [pairs[s], resumed[s]] = [total, known];
          meter.step(sum(pairs.slice(0, s)) + done, { free: sum(resumed), total: sum(pairs) });
        },
        checkpoint,
        previous: previous ?? undefined,
        keepState,
      });
      if (result.device.fallback !== null) log('warn', result.device.fallback);
      const { state } = result;
      if (state) remember = () => memory.remember(state, pictures);
      members.forEach((image, slot) =>
        maps.set(result.scores.subarray(slot * patches, (slot + 1) * patches), image * patches),
      );
      neighbours.push({ members, shortlists: result.neighbours });
    }
  } catch (error) {
    await Promise.all(saved.map((checkpoint) => checkpoint.release()));
    throw error;
  }
  return { maps, neighbours, seconds: meter.seconds(), saved, remember };
}

function checkCounts({ images, skipped, subsets, root }: Collected): void {
  if (images.length < 2)
    throw new MuscError(
      'TOO_FEW_IMAGES',
      images.length === 1
        ? l10n.t('pictures score each other, and only one is readable')
        : l10n.t('pictures score each other, and none is readable'),
      {
        where: root,
        hint:
          skipped.length > 0
            ? l10n.t('{0} were skipped, the first because: {1}', skipped.length, skipped[0].reason)
            : l10n.t('choose a folder with at least two pictures'),
      },
    );
  const small = subsets.findIndex(({ members }) => members.length < 2);
  if (small >= 0)
    throw new MuscError(
      'TOO_FEW_IMAGES',
      l10n.t('subset {0} of {1} has fewer than two readable pictures', small + 1, subsets.length),
      { hint: l10n.t('use fewer subsets') },
    );
}
