import type { EngineResults, ScoreSummary } from '../../protocol/engine';
import { duration, megabytes } from './terminal';

const TOP = 10; // pictures named on the screen

const percent = (value: number | null): string => (value === null ? '—' : (100 * value).toFixed(1));

/** A run's outcome for a person: the most anomalous pictures, the seven metrics, device, time, and where the run lies. */
export function summaryText(s: ScoreSummary): string {
  const lines: string[] = [...s.notes, ''];
  const width = Math.min(60, Math.max(...s.ranking.slice(0, TOP).map((r) => r.path.length)));
  lines.push(`The ${Math.min(TOP, s.ranking.length)} most anomalous of ${s.images} pictures:`);
  s.ranking.slice(0, TOP).forEach((r, i) => {
    lines.push(
      `${String(i + 1).padStart(4)}  ${r.score.toFixed(4)}  ${r.path.padEnd(width)}${r.label === null ? '' : `  ${r.label}`}`,
    );
  });
  lines.push('');
  if (s.metrics === null) lines.push('Metrics: none, the folder has no ground truth.');
  else {
    const { image, pixel } = s.metrics;
    lines.push(`Image  AUROC ${percent(image.auroc)}  F1-max ${percent(image.f1max)}  AP ${percent(image.ap)}   (%)`);
    lines.push(
      `Pixel  AUROC ${percent(pixel.auroc)}  F1-max ${percent(pixel.f1max)}  AP ${percent(pixel.ap)}  AUPRO ${percent(pixel.aupro)}   (%)`,
    );
    for (const [name, reason] of Object.entries(s.absent)) lines.push(`       ${name} is undefined: ${reason}`);
  }
  if (s.skipped.length > 0) {
    lines.push('', `Skipped ${s.skipped.length}:`);
    for (const { path, reason } of s.skipped.slice(0, TOP)) lines.push(`  ${path}: ${reason}`);
    if (s.skipped.length > TOP) lines.push(`  and ${s.skipped.length - TOP} more: see the run`);
  }
  lines.push(
    '',
    `Backbone ${s.backbone.id}, device ${s.device.label}${s.device.fallback === null ? '' : ` (${s.device.fallback})`}`,
  );
  const { features, scoring, metrics, total } = s.seconds;
  lines.push(
    `Time ${duration(total)} (features ${duration(features)}, scoring ${duration(scoring)}, metrics ${duration(metrics)})`,
  );
  lines.push(`Run ${s.run}`);
  return lines.join('\n');
}

/** What a run would take, for a person. */
export function estimateText(e: EngineResults['estimate']): string {
  const { load, features, scoring, metrics } = e.seconds;
  const subsets = e.subsets > 1 ? ` in ${e.subsets} subsets` : '';
  const disk = e.diskBytes > 0 ? `, ${megabytes(e.diskBytes)} of disk` : '';
  return [
    `${e.images} pictures${subsets}, ${e.backbone}, ${e.device}:`,
    `about ${duration(load + features + scoring + metrics)}`,
    `(loading ${duration(load)}, features ${duration(features)}, scoring ${duration(scoring)}, metrics ${duration(metrics)}),`,
    `${megabytes(e.memoryBytes)} of memory${disk}`,
  ].join(' ');
}
