import * as l10n from '@vscode/l10n';
import type { BenchMetric } from '../../extension/protocol/bench-metrics';

/** Names of a benchmark's metrics on its page; its exported files keep the English ones. */
export const METRIC_TITLES: Readonly<Record<BenchMetric, () => string>> = {
  image_auroc: () => l10n.t('Image AUROC'),
  image_f1max: () => l10n.t('Image F1-max'),
  image_ap: () => l10n.t('Image AP'),
  pixel_auroc: () => l10n.t('Pixel AUROC'),
  pixel_f1max: () => l10n.t('Pixel F1-max'),
  pixel_ap: () => l10n.t('Pixel AP'),
  pixel_aupro: () => l10n.t('Pixel AUPRO'),
};
