import { LABELS } from '../../../protocol/run-file';
import { throwIfAborted, toMuscError } from '../../errors';
import { nativeMask, scaleMask } from '../../image/mask';
import { RunMaps } from '../run-maps';
import { resolveMask } from '../safe-path';
import { cocoRegions, highestIn } from './coco-region';
import { markedPixels, pixelThreshold, step, type ExportJob } from './export-job';

const FOUND = 1;
const TRUTH = 2;

const head = (job: ExportJob, description: string) => ({
  info: { description, version: job.run.appVersion, date_created: job.run.createdAt },
  licenses: [],
  images: job.run.images.map(({ path, width, height, score, truth }, i) => ({
    id: i + 1,
    file_name: path,
    width,
    height,
    score,
    truth,
    label: job.labels[i],
  })),
});

/**
 * Defect regions as COCO annotations: those of the maps at or above the threshold ("anomaly", with the region's highest map value
 * as `score`) and those of the ground-truth masks ("defect"), as run lengths with boxes, at the pictures' size. `notes`: masks that
 * can't be read.
 */
export async function* cocoJson(job: ExportJob): AsyncGenerator<Uint8Array> {
  const threshold = pixelThreshold(job);
  const categories = [
    { id: FOUND, name: 'anomaly', supercategory: 'found' },
    { id: TRUTH, name: 'defect', supercategory: 'ground truth' },
  ];
  const encoder = new TextEncoder();
  const about = `${job.run.name}: regions at or above ${threshold} by ${job.run.backbone.name}`;
  const top = JSON.stringify({ ...head(job, about), categories });
  yield encoder.encode(`${top.slice(0, -1)},"annotations":[`);
  const notes: string[] = [];
  let id = 0;
  if (job.run.images.length > 0) {
    const maps = await RunMaps.open(job.runPath, job.run);
    try {
      for (let i = 0; i < maps.count; i++) {
        throwIfAborted(job.signal);
        for (const region of await regionsOf(job, i, await maps.read(i), threshold, notes)) {
          const annotation = { id: ++id, image_id: i + 1, iscrowd: 0, ...region };
          yield encoder.encode(`${id > 1 ? ',' : ''}\n${JSON.stringify(annotation)}`);
        }
        step(job, i + 1);
      }
    } finally {
      await maps.close();
    }
  }
  yield encoder.encode(`\n]${notes.length > 0 ? `,"notes":${JSON.stringify(notes)}` : ''}}\n`);
}

async function regionsOf(
  job: ExportJob,
  i: number,
  patches: Float32Array,
  threshold: number,
  notes: string[],
): Promise<object[]> {
  const { width, height, mask } = job.run.images[i];
  const size = { width, height };
  const { map, data } = markedPixels(job, i, patches, threshold, 1);
  const found = cocoRegions(data, size).map((region) => {
    const score = Math.max(threshold, highestIn(region, map)); // where the highest value falls between pixels
    return { category_id: FOUND, score, ...region };
  });
  if (mask === null) return found;
  const truth = await truthOf(job, mask, notes);
  if (truth === null) return found;
  const regions = cocoRegions(scaleMask(truth.data, truth, size), size);
  return [...found, ...regions.map((region) => ({ category_id: TRUTH, ...region }))];
}

/** A mask at its own size, or null with a note of why it can't be read: the others are exported all the same. */
async function truthOf(job: ExportJob, mask: string, notes: string[]) {
  try {
    return await nativeMask(await resolveMask(job.root, mask), { signal: job.signal });
  } catch (thrown) {
    const error = toMuscError(thrown);
    if (error.code === 'CANCELLED') throw error;
    notes.push(`${mask}: ${error.message}`);
    return null;
  }
}

/** Reviewers' labels as COCO: a category each, one annotation per labelled picture that covers it whole. */
export function labelsCoco(job: ExportJob): string {
  const categories = LABELS.map((name, i) => ({ id: i + 1, name, supercategory: 'label' }));
  const annotations = job.run.images.flatMap(({ width, height }, i) => {
    const label = job.labels[i];
    if (label === null) return [];
    const box = { bbox: [0, 0, width, height], area: width * height, segmentation: [], iscrowd: 0 };
    return [{ image_id: i + 1, category_id: LABELS.indexOf(label) + 1, ...box }];
  });
  const numbered = annotations.map((a, i) => ({ id: i + 1, ...a }));
  return `${JSON.stringify({ ...head(job, `${job.run.name}: reviewers' labels`), categories, annotations: numbered })}\n`;
}
