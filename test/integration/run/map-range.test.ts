import { open } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportOptions } from '../../../extension/core/run/export/export-job';
import { sharedScale } from '../../../extension/core/run/export/shared-scale';
import { mapRange } from '../../../extension/core/run/map-range';
import { MAPS_FILE } from '../../../extension/core/run/run-folder';
import { readRun, runsFolder, writeRun } from '../../../extension/core/run/run-store';
import type { RunFile } from '../../../extension/protocol/run-file';
import { Panel } from '../../../webview/state/panel';
import { DEFAULT_SCENARIO, snapshotOf } from '../webview/harness/scenario';
import { picture, runOf, sampleRun, temporaryFolder } from './sample-run';

const GRID = { height: 37, width: 37 };
const PATCHES = 1369;

/** A run of so many pictures, each of one value everywhere, from 0 to 1; the hottest is the one before the last. */
async function evenRun(count: number) {
  const folder = await temporaryFolder();
  const values = Array.from({ length: count }, (_, i) => i / (count - 1));
  [values[count - 2], values[count - 1]] = [1, 0.5];
  const images = values.map((value, i) => picture(`${i}.png`, { score: value, rawScore: value }));
  const maps = new Float32Array(count * PATCHES);
  values.forEach((value, i) => maps.fill(value, i * PATCHES, (i + 1) * PATCHES));
  const runPath = await writeRun(await runsFolder(folder), runOf(folder, images, { grid: GRID }), maps);
  return { runPath, run: await readRun(runPath) };
}

/** A run whose final scores rank its pictures otherwise than its maps do, and not all classes are known. */
async function rescoredRun(): Promise<string> {
  const folder = await temporaryFolder();
  const rows = [
    [0.1, 0.02, 'good'],
    [0.2, 0.08, 'good'],
    [0.3, 0.03, null],
    [0.4, 0.05, 'defect'],
    [0.5, 0.04, null],
    [0.9, 0.06, 'defect'],
  ] as const;
  const images = rows.map(([rawScore, score, truth], i) => picture(`${i}.png`, { rawScore, score, truth }));
  const maps = new Float32Array(rows.length * PATCHES);
  rows.forEach(([raw], i) => maps.fill(raw, i * PATCHES, (i + 1) * PATCHES));
  return writeRun(await runsFolder(folder), runOf(folder, images, { grid: GRID }), maps);
}

const rangeOf = async (runPath: string) => mapRange(runPath, await readRun(runPath));

/** Makes the patch scores of pictures of a sample run unreadable. */
async function damage(runPath: string, images: readonly number[]): Promise<void> {
  const file = await open(path.join(path.dirname(runPath), MAPS_FILE), 'r+');
  const { size } = await file.stat();
  for (const image of images) await file.write(Uint8Array.of(1, 2, 3, 4), 0, 4, size - (6 - image) * 64);
  await file.close();
}

describe('the range of maps', () => {
  it('of a run is about the same with one picture more, however large it is', async () => {
    const ranges = [];
    for (const count of [182, 183, 400]) {
      const { runPath } = await evenRun(count);
      ranges.push(await rangeOf(runPath));
    }
    for (const range of ranges) {
      expect(range?.median).toBeCloseTo(0.5, 1);
      expect(range?.max).toBe(1);
    }
  });

  it('leaves out pictures whose scores are damaged, and is unknown where all are', async () => {
    const { runPath } = await sampleRun();
    await damage(runPath, [0, 4]);
    expect(await rangeOf(runPath)).toEqual({ median: 0, max: 0.6 });
    await damage(runPath, [0, 1, 2, 3, 4, 5]);
    expect(await rangeOf(runPath)).toBeNull();
  });

  it('of a run without pictures is unknown', async () => {
    expect(await mapRange('nowhere', runOf('', []))).toBeNull();
  });
});

/** The colour scale that a panel shows a run on. */
function panelScale(run: RunFile, range: Awaited<ReturnType<typeof mapRange>>) {
  const panel = new Panel({ post: () => {}, getState: () => null, setState: () => {}, isNarrow: () => false });
  const labels = run.images.map(() => null);
  panel.receive({
    event: 'snapshot',
    snapshot: { ...snapshotOf(DEFAULT_SCENARIO), run, labels, mapRange: range ?? undefined },
  });
  return panel.derived.scale;
}

describe('an export that draws heat by the settings', () => {
  const options = exportOptions.parse({ from: 'median' });

  it.each([
    ['with truth', async () => (await sampleRun()).runPath],
    ['without', async () => (await evenRun(20)).runPath],
    ['of a large run', async () => (await evenRun(190)).runPath],
    ['with scores in another order than maps', rescoredRun],
  ])('has the scale that a panel has, %s', async (_, made) => {
    const runPath = await made();
    const run = await readRun(runPath);
    const scale = await sharedScale({ runPath, run, root: '', labels: [], options });
    const shown = panelScale(run, await mapRange(runPath, run));
    for (const key of ['low', 'high', 'clear', 'full'] as const) expect(scale?.[key]).toBeCloseTo(shown[key], 12);
  });

  it('has none of the run where each picture has its own', async () => {
    const { runPath, run } = await sampleRun();
    const own = { ...options, scale: 'picture' as const };
    expect(await sharedScale({ runPath, run, root: '', labels: [], options: own })).toBeNull();
  });
});
