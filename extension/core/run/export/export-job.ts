import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { COLORMAPS } from '../../../protocol/colormap';
import type { Label, RunFile } from '../../../protocol/run-file';
import { MuscError } from '../../errors';
import { ownThreshold, suggestThreshold, thresholdAtF1Max, thresholdAtZeroMissed } from '../../metrics/threshold';
import type { ReportProgress } from '../../progress';
import { scaleMask } from '../../image/mask';
import { upsampleMap } from '../../scoring/anomaly-map';
import { thresholdMap } from './heat';

/** Options of the exports; each uses what concerns it. */
export const exportOptions = z
  .object({
    /**
     * From which raw map value on a pixel is marked (masks, coco). "f1max" and "zeromissed" are image thresholds on the raw
     * scores, so that a picture has a marked pixel exactly when it is flagged. Default: f1max with truth, else suggested.
     */
    threshold: z.union([z.number(), z.enum(['f1max', 'zeromissed', 'suggested'])]).optional(),
    /** html: image-score threshold of the report. Default: at F1-max with truth, else suggested. */
    scoreThreshold: z.number().optional(),
    colormap: z.enum(COLORMAPS).default('turbo'),
    /** One colour scale for the whole run, or each picture's own. */
    scale: z.enum(['run', 'picture']).default('run'),
    /** The patch that colours begin at: the lowest, or, as in the panel, the median one. */
    from: z.enum(['lowest', 'median']).default('lowest'),
    /**
     * The scale of the run as a panel shows it, on maps, all four: where colours begin and end, where heat begins to show and shows
     * in full. Default: what a panel would find itself, or with `from` "lowest" from the lowest patch to the hottest.
     */
    low: z.number().optional(),
    high: z.number().optional(),
    clear: z.number().optional(),
    full: z.number().optional(),
    /** How much of the colour shows in overlays, 0..1. */
    opacity: z.number().min(0).max(1).default(0.6),
    /** Heat fades out where nothing is wrong, or covers all evenly, as in the authors' tool. */
    blend: z.enum(['fade', 'even']).default('fade'),
    /** File type of overlays and heatmaps. */
    type: z.enum(['png', 'jpg']).default('jpg'),
    /** npy: maps at the model input's size, or the patch scores as they are stored. */
    size: z.enum(['input', 'patch']).default('input'),
    /** labels: kind of file, by default told from its name. */
    as: z.enum(['csv', 'json', 'coco']).optional(),
    /** split: copies of the pictures instead of lists. */
    copy: z.boolean().default(false),
  })
  .strict();
export type ExportOptions = z.output<typeof exportOptions>;

/** Everything an export works from. */
export interface ExportJob {
  readonly runPath: string;
  readonly run: RunFile;
  /** Absolute root of the data set. */
  readonly root: string;
  /** Reviewers' labels, one per picture. */
  readonly labels: readonly (Label | null)[];
  readonly options: ExportOptions;
  readonly signal?: AbortSignal;
  readonly progress?: ReportProgress;
}

/** Says how far an export is. */
export function step(job: ExportJob, done: number, item?: string): void {
  job.progress?.({ stage: 'write', done, total: job.run.images.length, secondsLeft: null, item });
}

/**
 * `on` where a picture's map is at or above the threshold, at the picture's size; nothing in a picture that is not flagged, and never
 * nothing in one that is: its highest value lies at the model input's size, where scores are taken, and may fall between pixels here.
 */
export function markedPixels(job: ExportJob, i: number, patches: Float32Array, threshold: number, on: number) {
  const { width, height, rawScore } = job.run.images[i];
  const { grid, input } = job.run;
  const size = { width, height };
  const map = upsampleMap(patches, grid, size);
  if (rawScore < threshold) return { map, data: new Uint8Array(map.length) };
  const data = thresholdMap(map, threshold, on);
  if (data.includes(on)) return { map, data };
  const scored = scaleMask(thresholdMap(upsampleMap(patches, grid, input), threshold, 1), input, size);
  return { map, data: scored.map((marked) => marked * on) };
}

/** The threshold on map values that the options ask for. Throws SETTING_INVALID where it can't be told. */
export function pixelThreshold({ run, options }: ExportJob): number {
  const raw = run.images.map((i) => i.rawScore);
  const truth = run.images.map((i) => i.truth);
  const found = (): number | null => {
    switch (options.threshold) {
      case undefined:
        return ownThreshold(raw, truth).value;
      case 'f1max':
        return thresholdAtF1Max(raw, truth);
      case 'zeromissed':
        return thresholdAtZeroMissed(raw, truth);
      case 'suggested':
        return suggestThreshold(raw);
      default:
        return options.threshold;
    }
  };
  const threshold = found();
  if (threshold === null)
    throw new MuscError('SETTING_INVALID', l10n.t('threshold {0} needs ground truth', String(options.threshold)), {
      hint: l10n.t('give a number, or "suggested"'),
    });
  return threshold;
}
