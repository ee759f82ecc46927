import * as l10n from '@vscode/l10n';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Figure } from '../model/curve';
import * as format from '../model/format';
import { PanelElement } from './base';
import './figure-card';
import { tokens } from './style';

/** What each metric says, in words for somebody who sees it for the first time. */
const MEANINGS = {
  imageAuroc: () =>
    l10n.t(
      'Chance that a random defective image scores higher than a random good one. 100: a perfect ranking; 50: no better than a coin. Independent of any threshold.',
    ),
  imageF1max: () => l10n.t('Best balance of precision and recall that any one threshold reaches, for whole images.'),
  imageAp: () =>
    l10n.t('Average precision: how pure the top of the ranking stays while going down to the last defect.'),
  pixelAuroc: () =>
    l10n.t(
      'The same as image AUROC for pixels: chance that a defective pixel scores higher than a good one. Easily high, as most pixels are good.',
    ),
  pixelF1max: () =>
    l10n.t('Best F1 of any one threshold on pixels: how well the heatmap can cover the marked area and nothing else.'),
  pixelAp: () => l10n.t('Average precision over all pixels of the run.'),
  aupro: () =>
    l10n.t('Per-region overlap: every marked region counts the same, however small, up to 30 % false-positive pixels.'),
};

/** The seven metrics against ground truth, or the three that can be had from reviewers' labels. */
@customElement('musc-cards')
export class MuscCards extends PanelElement {
  static override styles = [
    tokens,
    css`
      :host {
        display: block;
      }
      .groups {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 21px;
        /* The line before a group is cut off where the group begins a row. */
        overflow-x: clip;
        overflow-clip-margin: 3px;
      }
      .group {
        display: flex;
        flex-wrap: wrap;
        margin-left: -11px;
        padding-left: 10px;
        border-left: 1px solid var(--line);
      }
      .note {
        padding: 2px 9px;
        font-size: 11px;
        line-height: 16px;
        color: var(--muted);
      }
    `,
  ];

  override render() {
    const { derived } = this.panel;
    const { metrics, settings } = derived.snapshot.run;
    if (derived.against === 'truth' && metrics) {
      const { image, pixel } = metrics;
      return html`<div class="groups">
          <div class="group" role="group" aria-label=${l10n.t('Image metrics against ground truth')}>
            ${card(l10n.t('Image AUROC'), image.auroc, MEANINGS.imageAuroc())}
            ${card('F1-max', image.f1max, MEANINGS.imageF1max())} ${card('AP', image.ap, MEANINGS.imageAp())}
          </div>
          <div class="group" role="group" aria-label=${l10n.t('Pixel metrics against ground truth')}>
            ${card(l10n.t('Pixel AUROC'), pixel.auroc, MEANINGS.pixelAuroc())}
            ${card('F1-max', pixel.f1max, MEANINGS.pixelF1max())} ${card('AP', pixel.ap, MEANINGS.pixelAp())}
            ${card('AUPRO', pixel.aupro, MEANINGS.aupro())}
          </div>
        </div>
        <div class="note">${l10n.t('against ground truth, % · {0} protocol', settings.protocol)}</div>`;
    }
    const { auroc, f1max, ap } = derived.figures;
    const { reviewed, total, good, defect } = derived.progress;
    const counts = [good, defect, total].map(format.count);
    return html`<div class="groups">
        <div class="group" role="group" aria-label=${l10n.t('Counts')}>
          <musc-figure
            .name=${l10n.t('Above threshold')}
            .text=${format.count(derived.flagged)}
            .meaning=${l10n.t(
              'Images whose score is at or above the threshold ({0}), of {1}.',
              derived.threshold.how,
              format.count(total),
            )}
          ></musc-figure>
          <musc-figure
            .name=${l10n.t('Reviewed')}
            .text=${`${format.count(reviewed)} / ${format.count(total)}`}
            .meaning=${l10n.t('Images with a label: good, defect or unsure. Press N for the one to look at next.')}
          ></musc-figure>
        </div>
        <div class="group" role="group" aria-label=${l10n.t("Image metrics against reviewers' labels")}>
          ${card(l10n.t('Image AUROC'), auroc, MEANINGS.imageAuroc())} ${card('F1-max', f1max, MEANINGS.imageF1max())}
          ${card('AP', ap, MEANINGS.imageAp())}
        </div>
      </div>
      <div class="note">
        ${
          reviewed < total
            ? l10n.t(
                'against reviewers’ labels, % · {0} good, {1} defect of {2} – only what was reviewed counts',
                ...counts,
              )
            : l10n.t('against reviewers’ labels, % · {0} good, {1} defect of {2}', ...counts)
        }
      </div>`;
  }
}

function card(name: string, figure: Figure, meaning: string) {
  return html`<musc-figure .name=${name} .figure=${figure} .meaning=${meaning}></musc-figure>`;
}
