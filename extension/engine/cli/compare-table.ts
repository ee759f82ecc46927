import type { EngineResults, ScoreSummary } from '../../protocol/engine';
import type { Combination } from './compare-grid';
import { duration, megabytes } from './terminal';

/** One combination, and what came of it: a run, or with --estimate what it would take. */
export interface Trial extends Omit<Combination, 'request'> {
  readonly summary: ScoreSummary | null;
  readonly estimate: EngineResults['estimate'] | null;
  /** Why neither is there, or "". */
  readonly problem: string;
}

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : (100 * value).toFixed(1);

/** Best first: image AUROC, pixel AUPRO where that is equal. Without ground truth nothing can be said. */
export const quality = ({ summary }: Trial): number =>
  summary === null ? -1 : (summary.metrics?.image.auroc ?? 0) + (summary.metrics?.pixel.aupro ?? 0) / 1000;

const nameOf = ({ backbone, varied }: Trial): string =>
  [backbone, ...Object.entries(varied).map(([flag, value]) => `${flag} ${value}`)].join(', ');

/** Seconds that a trial takes or would take. */
function timeOf({ summary, estimate }: Trial): number {
  if (summary) return summary.seconds.total;
  const seconds = estimate?.seconds;
  return seconds ? seconds.load + seconds.features + seconds.scoring + seconds.metrics : 0;
}

/** The trials as a table for people, and which to choose. */
export function compareTable(trials: readonly Trial[]): string {
  const measured = trials.some(({ summary }) => summary !== null);
  const head = measured
    ? ['', 'image AUROC', 'F1-max', 'AP', 'pixel AUROC', 'AUPRO', 'time']
    : ['', 'time', 'memory', 'disk'];
  const rows = trials.map((trial) => {
    const { summary, estimate, problem } = trial;
    const m = summary?.metrics;
    if (summary)
      return [m?.image.auroc, m?.image.f1max, m?.image.ap, m?.pixel.auroc, m?.pixel.aupro]
        .map(percent)
        .concat(duration(timeOf(trial)));
    return estimate
      ? [duration(timeOf(trial)), megabytes(estimate.memoryBytes), megabytes(estimate.diskBytes)]
      : [problem];
  });
  const cells = [head, ...rows.map((row, i) => [nameOf(trials[i]), ...row])];
  const widths = head.map((_, column) =>
    Math.max(...cells.filter((row) => row.length === head.length).map((row) => row[column].length)),
  );
  widths[0] = Math.max(...cells.map((row) => row[0].length));
  const lines = cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || row.length < head.length ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
      )
      .join('  ')
      .trimEnd(),
  );
  const said = advice(trials);
  return `${[...lines, ...(said ? ['', said] : [])].join('\n')}\n`;
}

/** Which to choose: the best, and the fastest that is hardly worse. "" where every trial failed. */
function advice(trials: readonly Trial[]): string {
  if (trials.some(({ estimate }) => estimate !== null))
    return 'Estimated, nothing was scored: leave --estimate out to compare.';
  const [best] = trials;
  if (best.summary === null) return '';
  if (!best.summary.metrics) return 'The folder has no ground truth: compare the rankings in the editor.';
  const near = trials.filter((trial) => quality(best) - quality(trial) < HARDLY_WORSE);
  const fastest = near.reduce((a, b) => (timeOf(b) < timeOf(a) ? b : a));
  const choice = `Best by image AUROC: ${nameOf(best)}.`;
  return fastest === best
    ? choice
    : `${choice}\nHardly worse and faster: ${nameOf(fastest)}, ${duration(timeOf(fastest))} instead of ${duration(timeOf(best))}.`;
}

/** Image AUROC that is lost in chance, as a fraction. */
const HARDLY_WORSE = 0.005;
