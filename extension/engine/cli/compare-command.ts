import { MuscError, toMuscError } from '../../core/errors';
import type { ScoreRequest, ScoreSummary } from '../../protocol/engine';
import { dispatch } from '../dispatch';
import type { CommandContext } from '../cli';
import { parseFlags, SCORE_FLAGS, scoreRequestOf } from './options';
import { duration, Terminal } from './terminal';

/** One way to score the folder, and what came of it. */
interface Trial {
  readonly backbone: string;
  readonly imageSize: number | null;
  readonly summary: ScoreSummary | null;
  readonly problem: string;
}

const list = (text: string | undefined): (string | undefined)[] =>
  text
    ?.split(',')
    .map((t) => t.trim())
    .filter(Boolean) ?? [undefined];
const percent = (value: number | null | undefined): string =>
  (value === null || value === undefined ? '—' : (100 * value).toFixed(1)).padStart(6);

/** `musc compare FOLDER --backbone a,b [--image-size 256,320]`: the same folder with every combination, as a table with the best first. */
export async function compareCommand(argv: readonly string[], { signal }: CommandContext): Promise<void> {
  const { values, positionals } = parseFlags(argv, SCORE_FLAGS);
  if (positionals.length !== 1)
    throw new MuscError('USAGE', `compare takes one folder, not ${positionals.length}`, {
      hint: 'musc compare FOLDER --backbone a,b',
    });
  const terminal = new Terminal(values.verbose === true);
  const trials: Trial[] = [];
  for (const backbone of list(values.backbone))
    for (const size of list(values['image-size'])) {
      const request: ScoreRequest = scoreRequestOf(positionals[0], { ...values, backbone, 'image-size': size });
      const trial = { backbone: backbone ?? 'musc-embedded', imageSize: request.imageSize ?? null };
      try {
        terminal.log('info', `${trial.backbone}${trial.imageSize === null ? '' : ` at ${trial.imageSize} px`}`);
        trials.push({
          ...trial,
          summary: await dispatch('score', request, { signal, progress: terminal.progress, log: () => undefined }),
          problem: '',
        });
      } catch (thrown) {
        const error = toMuscError(thrown);
        if (error.code === 'CANCELLED' || error.code === 'FOLDER_NOT_FOUND' || error.code === 'TOO_FEW_IMAGES')
          throw error;
        trials.push({ ...trial, summary: null, problem: error.toLine() });
      } finally {
        terminal.clear();
      }
    }
  trials.sort((a, b) => quality(b) - quality(a));
  process.stdout.write(values.json === true ? `${JSON.stringify(trials)}\n` : table(trials));
  if (trials.every((t) => t.summary === null))
    throw new MuscError('BACKBONE_INVALID', 'none of them could be scored', { hint: trials[0]?.problem });
}

/** Best first: image AUROC, pixel AUPRO where that is equal. Without ground truth nothing can be said. */
const quality = ({ summary }: Trial): number =>
  summary === null ? -1 : (summary.metrics?.image.auroc ?? 0) + (summary.metrics?.pixel.aupro ?? 0) / 1000;

function table(trials: readonly Trial[]): string {
  const width = Math.max(8, ...trials.map((t) => t.backbone.length));
  const lines = [`${'backbone'.padEnd(width)}  size   image AUROC  F1-max      AP  pixel AUROC  AUPRO  time`];
  for (const { backbone, imageSize, summary, problem } of trials) {
    const m = summary?.metrics;
    lines.push(
      summary === null
        ? `${backbone.padEnd(width)}  ${String(imageSize ?? '').padEnd(5)}  ${problem}`
        : `${backbone.padEnd(width)}  ${String(imageSize ?? 'auto').padEnd(5)}       ${percent(m?.image.auroc)}  ${percent(m?.image.f1max)}  ${percent(m?.image.ap)}       ${percent(m?.pixel.auroc)} ${percent(m?.pixel.aupro)}  ${duration(summary.seconds.total)}`,
    );
  }
  const best = trials[0];
  lines.push(
    '',
    best.summary?.metrics
      ? `Best by image AUROC: ${best.backbone}${best.imageSize === null ? '' : ` at ${best.imageSize} px`}.`
      : 'The folder has no ground truth: compare the rankings in the editor.',
  );
  return `${lines.join('\n')}\n`;
}
