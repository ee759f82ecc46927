import type { RunFile } from '../../../protocol/run-file';
import { ranking } from '../ranking';
import type { ExportJob } from './export-job';

/** One picture in a table. */
export interface PictureRow {
  readonly index: number;
  readonly rank: number;
  readonly path: string;
  readonly type: string;
  readonly truth: string | null;
  readonly label: string | null;
  readonly score: number;
  readonly rawScore: number;
  readonly width: number;
  readonly height: number;
}

/** Pictures of a run, most anomalous first. */
export function pictureRows({ run, labels }: Pick<ExportJob, 'run' | 'labels'>): PictureRow[] {
  return ranking(run.images).map((index, place) => {
    const { path, type, truth, score, rawScore, width, height } = run.images[index];
    return { index, rank: place + 1, path, type, truth, label: labels[index], score, rawScore, width, height };
  });
}

export const COLUMNS = ['rank', 'path', 'type', 'truth', 'label', 'score', 'rawScore', 'width', 'height'] as const;

/** The seven metrics by dotted name, a fraction or null, and the reasons of those that are absent. */
export function flatMetrics(run: RunFile): { name: string; value: number | null; absent: string | null }[] {
  if (!run.metrics) return [];
  return (['image', 'pixel'] as const).flatMap((level) =>
    Object.entries(run.metrics?.[level] ?? {}).map(([name, metric]) => ({
      name: `${level}.${name}`,
      value: 'value' in metric ? metric.value : null,
      absent: 'absent' in metric ? metric.absent : null,
    })),
  );
}
