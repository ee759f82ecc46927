import { l10n } from 'vscode';
import type { RegistryEntry } from '../core/backbone/registry-schema';
import { publishedFor } from '../core/benchmark/published';

/** What a backbone is good for, in a line: our note, and how far the authors came with it at the size that is recommended. */
export function adviceText(entry: RegistryEntry): string {
  const { id, note, imageSize } = entry;
  const figures = publishedFor('mvtec', null, id, imageSize);
  const percent = (value: number | null | undefined) => ((value ?? NaN) * 100).toFixed(1);
  const published = figures
    ? l10n.t(
        'Published on MVTec AD at {0} px: image AUROC {1} %, AUPRO {2} %.',
        imageSize,
        percent(figures.image_auroc),
        percent(figures.pixel_aupro),
      )
    : '';
  return [note, published].filter((part) => part !== '').join(' ');
}
