import sharp from 'sharp';
import { colormapTable } from '../../../protocol/colormap';
import { cells, type Grid } from '../../array/grid';
import type { Raster } from '../../image/raster';
import { decodePicture } from '../../image/decode';
import { upsampleMap } from '../../scoring/anomaly-map';
import { readMaps } from '../run-maps';
import { resolveInside } from '../safe-path';
import type { ExportJob } from './export-job';
import type { Drawn } from './picture-output';

/** Larger pictures are drawn smaller: 200 megapixels of colour help nobody. */
const LONGEST = 4096; // pixels

export interface HeatScale {
  readonly low: number;
  readonly high: number;
}

function range(values: Float32Array): HeatScale {
  let [low, high] = [Infinity, -Infinity];
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return { low, high };
}

/** The colour scale of a whole run: from its lowest to its highest patch score; null when each picture has its own. */
export async function runScale(job: ExportJob): Promise<HeatScale | null> {
  return job.options.scale === 'picture' ? null : range(await readMaps(job.runPath, job.run));
}

/** At most `longest` pixels on the longer side, same shape. */
export function boundedSize({ width, height }: Grid, longest = LONGEST): Grid {
  const factor = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** Map values as fractions 0..1 of the scale, at `size`. */
function fractions(job: ExportJob, patches: Float32Array, scale: HeatScale | null, size: Grid): Float32Array {
  const { low, high } = scale ?? range(patches);
  const map = upsampleMap(patches, job.run.grid, size);
  const factor = high > low ? 1 / (high - low) : 0;
  for (let p = 0; p < map.length; p++) map[p] = Math.min(1, Math.max(0, (map[p] - low) * factor));
  return map;
}

/** `on` where a map is at or above the threshold, else 0: pixels count as the pictures do, flagged from the threshold on. */
export function thresholdMap(map: Float32Array, threshold: number, on: number): Uint8Array {
  const mask = new Uint8Array(map.length);
  for (let p = 0; p < map.length; p++) if (map[p] >= threshold) mask[p] = on;
  return mask;
}

/** The map alone in colours, at the picture's size. */
export function drawHeat(job: ExportJob, patches: Float32Array, scale: HeatScale | null, size: Grid): Drawn {
  const table = colormapTable(job.options.colormap);
  const heat = fractions(job, patches, scale, size);
  const data = new Uint8Array(cells(size) * 3);
  for (let p = 0; p < heat.length; p++) {
    const entry = Math.round(heat[p] * 255) * 3;
    data[p * 3] = table[entry];
    data[p * 3 + 1] = table[entry + 1];
    data[p * 3 + 2] = table[entry + 2];
  }
  return { ...size, channels: 3, data };
}

/** The picture's pixels as RGB, at most `longest` on the longer side. */
async function rgb(job: ExportJob, index: number, longest: number): Promise<Raster> {
  const file = await resolveInside(job.root, job.run.images[index].path);
  // decoded as it was scored: the reference protocol ignores EXIF orientation, and the map lies on what it saw
  const raster = await decodePicture(file, job.run.settings.protocol, { signal: job.signal });
  const size = boundedSize(raster, longest);
  if (raster.channels === 3 && size.width === raster.width) return raster;
  const { width, height, channels } = raster;
  const data = await sharp(raster.data, { raw: { width, height, channels }, limitInputPixels: false })
    .resize(size.width, size.height, { fit: 'fill' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  return { ...size, channels: 3, data };
}

/** How much heat shows where: nothing in the lowest fifth of the scale, all of it from 70 % on. */
const fade = (t: number): number => Math.min(1, Math.max(0, (t - 0.2) / 0.5));

/** The map in colours over the picture. `fade`: heat shows by how strong it is, so that good regions stay as they are. */
export async function drawOverlay(
  job: ExportJob,
  index: number,
  patches: Float32Array,
  scale: HeatScale | null,
  longest = LONGEST,
): Promise<Drawn> {
  const { opacity, blend } = job.options;
  const picture = await rgb(job, index, longest);
  const size = { width: picture.width, height: picture.height };
  const heat = fractions(job, patches, scale, size);
  const colours = drawHeat(job, patches, scale, size).data;
  const data = new Uint8Array(colours.length);
  for (let p = 0; p < heat.length; p++) {
    const alpha = opacity * (blend === 'even' ? 1 : fade(heat[p]));
    for (let c = p * 3; c < p * 3 + 3; c++) data[c] = Math.round(picture.data[c] * (1 - alpha) + colours[c] * alpha);
  }
  return { ...size, channels: 3, data };
}
