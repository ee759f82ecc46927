import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { closeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Checkpoint } from '../../../extension/core/scoring/checkpoint';
import { ScoringTotals } from '../../../extension/core/scoring/scoring-totals';
import { newControl } from '../../../extension/core/scoring/tap-job';

const BYTES = 64;
const TILES = 3;
const shape = {
  grid: { height: 1, width: 2 },
  degrees: [1],
  ranks: { first: 0, end: 1 },
  batch: 1,
  device: 'cpu' as const,
  layout: { images: 2, old: 0, width: 2 },
  keptForLater: 0,
  control: newControl(),
  taps: 1,
};

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(os.tmpdir(), 'musc-checkpoint-'))));
afterEach(() => rm(folder, { recursive: true }));

/** A run begins or goes on, finishes the `finished` tiles, saves them, and is killed. Returns the tiles that it found done. */
async function killedRun(...finished: number[]): Promise<number[]> {
  const totals = new ScoringTotals({ images: 2, patches: 2, degrees: 1, taps: 1, kept: 0 });
  const checkpoint = await Checkpoint.open({ folder, everySeconds: 0, key: 'key' }, shape, 1, totals);
  const { descriptor, done } = await checkpoint.openTable(0, BYTES, TILES, totals);
  const found = [...done];
  for (const tile of finished) {
    done[tile] = 1;
    checkpoint.tileFinished(0, done, descriptor, totals);
    await checkpoint.settled();
  }
  closeSync(descriptor);
  return found;
}

it('goes on with the tiles that were saved', async () => {
  expect(await killedRun(0, 2)).toEqual([0, 0, 0]);
  expect(await killedRun()).toEqual([1, 0, 1]);
});

it.each([
  ['gone', (file: string) => rm(file)],
  ['cut short', (file: string) => truncate(file, BYTES / 2)],
])('takes no tile for done once the distances are %s, also after another run that saved nothing', async (_, damage) => {
  await killedRun(0, 2);
  await damage(path.join(folder, 'tap-0.distances'));
  expect(await killedRun()).toEqual([0, 0, 0]);
  expect(await killedRun(1)).toEqual([0, 0, 0]);
  expect(await killedRun()).toEqual([0, 1, 0]);
});
