import { encodeNpy, npyHeader } from '../../array/npy';
import { throwIfAborted } from '../../errors';
import { upsampleMap } from '../../scoring/anomaly-map';
import { RunMaps } from '../run-maps';
import { csvText } from './csv';
import { step, type ExportJob } from './export-job';
import { COLUMNS, flatMetrics, pictureRows } from './picture-rows';

/** Scores and labels, one picture a line, most anomalous first. */
export const scoresCsv = (job: ExportJob): string =>
  csvText([COLUMNS, ...pictureRows(job).map((row) => COLUMNS.map((c) => row[c]))]);

/** Everything but the maps, for scripts: the run, its metrics by name, and the pictures with rank and label. */
export function runJson(job: ExportJob): string {
  const { images: _images, ...run } = job.run;
  const metrics = Object.fromEntries(flatMetrics(job.run).map((m) => [m.name, m.value]));
  const absent = Object.fromEntries(
    flatMetrics(job.run).flatMap((m) => (m.absent === null ? [] : [[m.name, m.absent]])),
  );
  const ranking = pictureRows(job).map(({ index, ...row }) => ({
    ...row,
    index,
    mask: job.run.images[index].mask,
  }));
  return `${JSON.stringify({ ...run, metrics, absent, ranking }, null, 1)}\n`;
}

/**
 * Anomaly maps as one .npy file, N x H x W float32 in the order of the run's pictures (`index` in the other exports): at the size
 * of the model input, or the patch scores as stored. Written picture by picture: memory does not grow with the run.
 */
export async function* mapsNpy(job: ExportJob): AsyncGenerator<Uint8Array> {
  const { run, options } = job;
  const size = options.size === 'input' ? run.input : run.grid;
  if (run.images.length === 0) {
    yield encodeNpy([0, size.height, size.width], new Float32Array());
    return;
  }
  yield npyHeader([run.images.length, size.height, size.width], new Float32Array());
  const maps = await RunMaps.open(job.runPath, run);
  try {
    for (let i = 0; i < maps.count; i++) {
      throwIfAborted(job.signal);
      const patches = await maps.read(i);
      const map = options.size === 'input' ? upsampleMap(patches, run.grid, size) : patches;
      yield new Uint8Array(map.buffer, map.byteOffset, map.byteLength);
      step(job, i + 1);
    }
  } finally {
    await maps.close();
  }
}
