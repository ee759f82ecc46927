import { markedPixels, pixelThreshold, type ExportJob } from './export-job';
import { boundedSize, drawHeat, drawOverlay } from './heat';
import { drawAll, outputNames } from './picture-output';
import { sharedScale } from './shared-scale';

const pathsOf = (job: ExportJob): string[] => job.run.images.map((i) => i.path);

/** Black and white pictures at the size of the pictures: white where the map is at or above the threshold. */
export async function exportMasks(job: ExportJob, folder: string): Promise<void> {
  const threshold = pixelThreshold(job);
  await drawAll(job, folder, outputNames(pathsOf(job), '_mask.png'), async (i, patches) => {
    const { width, height } = job.run.images[i];
    return { width, height, channels: 1, data: markedPixels(job, i, patches, threshold, 255).data };
  });
}

/** Heatmaps over the pictures, at their size. */
export async function exportOverlays(job: ExportJob, folder: string): Promise<void> {
  const scale = await sharedScale(job);
  const names = outputNames(pathsOf(job), `.${job.options.type}`);
  await drawAll(job, folder, names, (i, patches) => drawOverlay(job, i, patches, scale));
}

/** Heatmaps alone, at the size of the pictures. */
export async function exportHeatmaps(job: ExportJob, folder: string): Promise<void> {
  const scale = await sharedScale(job);
  const names = outputNames(pathsOf(job), `.${job.options.type}`);
  await drawAll(job, folder, names, async (i, patches) =>
    drawHeat(job, patches, scale, boundedSize(job.run.images[i])),
  );
}
