import * as l10n from '@vscode/l10n';
import published from '../../../models/published.json';
import type { BenchFigures, BenchFile } from '../../protocol/bench-file';
import { BENCH_METRICS } from '../../protocol/bench-metrics';
import { isCompared } from '../../protocol/bench-table';
import type { Layout } from '../dataset/dataset';

/** Whose figures they are. */
export const publishedSource = (): string =>
  l10n.t("README of the MuSc authors' code (its runs differ from the ICLR 2024 paper by a few tenths of a percent)");

/** Whose figures stand beside those of a benchmark; null: there are none. */
export const comparedWith = (bench: BenchFile): string | null =>
  isCompared(bench) ? (bench.published?.source ?? publishedSource()) : null;

const DATASETS = { mvtec: 'mvtec_ad', visa: 'visa', btad: 'btad' } as const;
type DatasetKey = (typeof DATASETS)[keyof typeof DATASETS];
type Row = Readonly<Record<string, number | string>>;

/** A backbone as the tables name it. */
interface PublishedBackbone {
  readonly backbone: string;
  readonly pretraining: string;
}

/** Percent to fractions. */
const figures = (row: Row): BenchFigures =>
  Object.fromEntries(BENCH_METRICS.map((m) => [m, typeof row[m] === 'number' ? row[m] / 100 : null])) as BenchFigures;

const SIZES: Readonly<Record<string, string>> = { small: 's', base: 'b', large: 'l' };

/**
 * Which row of the tables a backbone of ours belongs to, from its registry id ("clip-vit-l-14-336-openai",
 * "dinov2-vit-b-14", ...); null: none. The CLIP rows are OpenAI's weights but for B-16-plus-240, which is LAION-400M's.
 */
export function publishedBackbone(id: string): PublishedBackbone | null {
  const name = id.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const form = /(?:^|-|vit-?)(small|base|large|s|b|l)-?(?:patch-?)?(8|14|16|32)(?:-|$)/.exec(name);
  if (!form || /regist|-reg(?:-|$)|reg4/.test(name)) return null;
  const [size, patch] = [SIZES[form[1]] ?? form[1], form[2]];
  if (/dinov3|siglip|eva/.test(name)) return null;
  if (name.includes('dinov2')) return { backbone: `dinov2_vit${size}${patch}`, pretraining: 'DINO_v2' };
  if (name.includes('dino')) {
    const word = Object.keys(SIZES).find((w) => SIZES[w] === size) ?? size;
    return { backbone: `dino_vit${word}${patch}`, pretraining: 'DINO' };
  }
  const plus = /plus-?240/.test(name);
  if (!name.includes('clip') && !name.includes('openai') && !plus) return null;
  if (!plus && /laion|datacomp|metaclip|dfn/.test(name)) return null;
  const suffix = plus ? '-plus-240' : /-336(?:-|$)/.test(name) ? '-336' : '';
  return { backbone: `ViT-${size.toUpperCase()}-${patch}${suffix}`, pretraining: 'CLIP' };
}

/**
 * Published figures (fractions) for a data set's category, or its mean (`category` null), at the same backbone and square input
 * size; null where nothing was published. Categories exist for ViT-L-14-336 at 518 only, means for all.
 */
export function publishedFor(
  dataset: Layout,
  category: string | null,
  backbone: string,
  imageSize: number,
): BenchFigures | null {
  if (dataset === 'folder') return null;
  const key: DatasetKey = DATASETS[dataset];
  const wanted = publishedBackbone(backbone);
  if (!wanted) return null;
  if (category === null) {
    const row = published.per_backbone[key].find(
      (r) => r.backbone === wanted.backbone && r.pretraining === wanted.pretraining && r.image_size === imageSize,
    );
    return row ? figures(row) : null;
  }
  const table = published.per_category;
  const same =
    table.backbone.startsWith(`${wanted.backbone} `) && wanted.pretraining === 'CLIP' && table.image_size === imageSize;
  const rows: Readonly<Record<string, Row>> = table[key];
  return same && category !== 'mean' && Object.hasOwn(rows, category) ? figures(rows[category]) : null;
}
