import sharp from 'sharp';
import { colormapTable } from '../../../protocol/colormap';
import { fade, type HeatScale, pictureScale } from '../../../protocol/heat-scale';
import type { Grid } from '../../array/grid';
import type { Raster } from '../../image/raster';
import { decodePicture } from '../../image/decode';
import { upsampleMap } from '../../scoring/anomaly-map';
import { resolveInside } from '../safe-path';
import type { ExportJob, ExportOptions } from './export-job';
import type { Drawn } from './picture-output';

/** Larger pictures are drawn smaller: 200 megapixels of colour help nobody. */
const LONGEST = 4096; // pixels

/** As the authors' tool colours: from the lowest patch to the hottest. */
export function scaleFromLowest(patches: Float32Array): HeatScale {
  let [low, high] = [Infinity, -Infinity];
  for (const v of patches) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return { low, high, clear: low + (high - low) * 0.2, full: low + (high - low) * 0.7 };
}

/** A picture's own scale. */
const ownScale = (patches: Float32Array, from: ExportOptions['from']): HeatScale =>
  from === 'median' ? pictureScale(patches) : scaleFromLowest(patches);

/** At most `longest` pixels on the longer side, same shape. */
export function boundedSize({ width, height }: Grid, longest = LONGEST): Grid {
  const factor = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** How far a value is on its way from `begin` to `end`, 0..1. */
const fraction = (value: number, begin: number, end: number): number =>
  end > begin ? Math.min(1, Math.max(0, (value - begin) / (end - begin))) : 0;

/** A map in colours, RGB interleaved. */
function coloured(job: ExportJob, map: Float32Array, { low, high }: HeatScale): Uint8Array {
  const table = colormapTable(job.options.colormap);
  const data = new Uint8Array(map.length * 3);
  for (let p = 0; p < map.length; p++) {
    const entry = Math.round(fraction(map[p], low, high) * 255) * 3;
    data[p * 3] = table[entry];
    data[p * 3 + 1] = table[entry + 1];
    data[p * 3 + 2] = table[entry + 2];
  }
  return data;
}

/** `on` where a map is at or above the threshold, else 0: pixels count as the pictures do, flagged from the threshold on. */
export function thresholdMap(map: Float32Array, threshold: number, on: number): Uint8Array {
  const mask = new Uint8Array(map.length);
  for (let p = 0; p < map.length; p++) if (map[p] >= threshold) mask[p] = on;
  return mask;
}

/** The map alone in colours, at the picture's size. */
export function drawHeat(job: ExportJob, patches: Float32Array, scale: HeatScale | null, size: Grid): Drawn {
  const map = upsampleMap(patches, job.run.grid, size);
  return { ...size, channels: 3, data: coloured(job, map, scale ?? ownScale(patches, job.options.from)) };
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

/** The map in colours over the picture. `fade`: heat shows by how strong it is, so that good regions stay as they are. */
export async function drawOverlay(
  job: ExportJob,
  index: number,
  patches: Float32Array,
  scale: HeatScale | null,
  longest = LONGEST,
): Promise<Drawn> {
  const { opacity, blend, from } = job.options;
  const picture = await rgb(job, index, longest);
  const size = { width: picture.width, height: picture.height };
  const range = scale ?? ownScale(patches, from);
  const map = upsampleMap(patches, job.run.grid, size);
  const colours = coloured(job, map, range);
  const data = new Uint8Array(colours.length);
  for (let p = 0; p < map.length; p++) {
    const alpha = opacity * (blend === 'even' ? 1 : fade(map[p], range));
    for (let c = p * 3; c < p * 3 + 3; c++) data[c] = Math.round(picture.data[c] * (1 - alpha) + colours[c] * alpha);
  }
  return { ...size, channels: 3, data };
}
