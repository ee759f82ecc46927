import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { cells, type Grid } from '../array/grid';
import { MuscError } from '../errors';
import { keptRanks } from './kept-ranks';
import { readSealed, writeSealed } from './sealed-file';
import type { Shortlists } from './shortlists';

/** What a scored folder keeps so that added pictures can be scored without redoing the old pairs. */
export interface ScoreState {
  readonly images: number;
  readonly grid: Grid;
  readonly degrees: readonly number[];
  /** Smallest distances kept per patch. */
  readonly count: number;
  /** Per tap: N x count x degrees x P, in any order within the count. */
  readonly taps: readonly Float32Array[];
  readonly neighbours: Shortlists;
}

/** More than needed now, because k grows with N: enough for half as many pictures again. */
const SLACK = 1.5;

/** How many distances per patch a run of `images` keeps for later. */
export function keptCount(images: number, keep: readonly [number, number]): number {
  const { end } = keptRanks(keep, images - 1);
  return Math.min(images - 1, Math.ceil(end * SLACK) + 1);
}

/** Bytes of a state's distances. */
export const stateBytes = (images: number, taps: number, width: number, keep: readonly [number, number]): number =>
  images * taps * width * keptCount(images, keep) * 4;

/**
 * Whether `state` is enough to score `images` images exactly: the kept distances must reach the largest rank that is needed now, or be
 * all there are.
 */
export function isExtensible(
  state: ScoreState,
  now: { images: number; grid: Grid; degrees: readonly number[]; taps: number; keep: readonly [number, number] },
): boolean {
  const sameShape =
    state.grid.height === now.grid.height &&
    state.grid.width === now.grid.width &&
    state.degrees.join() === now.degrees.join() &&
    state.taps.length === now.taps;
  const complete = state.count === state.images - 1;
  return sameShape && state.images < now.images && (complete || state.count >= keptRanks(now.keep, now.images - 1).end);
}

/** Distances per patch that a run grown from `state` can vouch for. */
export function keptCountAfter(state: ScoreState, images: number, keep: readonly [number, number]): number {
  const wanted = keptCount(images, keep);
  return state.count === state.images - 1 ? wanted : Math.min(wanted, state.count);
}

const meta = z.object({
  key: z.string(),
  images: z.number().int(),
  grid: z.object({ height: z.number().int(), width: z.number().int() }),
  degrees: z.array(z.number().int()),
  count: z.number().int(),
  taps: z.number().int(),
  listed: z.number().int(),
});

/** Writes a state. `key` names everything else the distances depend on (pictures, backbone, size); reading asks for the same. */
export async function writeScoreState(file: string, state: ScoreState, key: string): Promise<void> {
  const { images, grid, degrees, count, taps, neighbours } = state;
  await writeSealed(
    file,
    { key, images, grid, degrees, count, taps: taps.length, listed: neighbours.length },
    {
      ...Object.fromEntries(taps.map((t, i) => [`tap${i}`, t])),
      neighbours: neighbours.images,
      bounds: neighbours.bounds,
    },
  );
}

/** Reads a state. Throws FILE_INVALID where it is damaged or has another key. */
export async function readScoreState(file: string, key: string): Promise<ScoreState> {
  const sealed = await readSealed(file);
  const parsed = meta.safeParse(sealed.meta);
  const invalid = (): MuscError =>
    new MuscError('FILE_INVALID', l10n.t('the stored distances belong to something else'), {
      where: file,
      hint: l10n.t('delete it'),
    });
  if (!parsed.success || parsed.data.key !== key) throw invalid();
  const { images, grid, degrees, count, taps: tapCount, listed } = parsed.data;
  const size = images * count * degrees.length * cells(grid);
  const taps = Array.from({ length: tapCount }, (_, t) => sealed.arrays.get(`tap${t}`));
  const lists = sealed.arrays.get('neighbours');
  const bounds = sealed.arrays.get('bounds');
  const places = images * cells(grid) * listed;
  const isTap = (t: unknown): t is Float32Array => t instanceof Float32Array && t.length === size;
  if (!taps.every(isTap) || !(lists instanceof Uint32Array) || !(bounds instanceof Float32Array)) throw invalid();
  if (lists.length !== places || bounds.length !== places) throw invalid();
  return { images, grid, degrees, count, taps, neighbours: { length: listed, images: lists, bounds } };
}
