import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { CurveSample } from '../charts/curve';
import { prPoints, rocPoints, thinned, type Ranked } from '../model/curve';
import * as format from '../model/format';
import type { ReviewProgress } from '../model/review';
import type { Against } from '../model/table';
import { memo } from '../state/store';
import { PanelElement } from './base';
import { button } from './button';
import './curve-chart';
import { metricsStyle } from './metrics-style';
import './pixel-curves';
import { controls, tokens } from './style';
import './type-table';

const TITLES: Readonly<Record<Against, () => string>> = {
  truth: () => l10n.t('Images, against ground truth'),
  labels: () => l10n.t('Images, against reviewers’ labels'),
};
/** Distance of the points drawn of a curve: less than a pixel. */
const GRAIN = 1 / 400;

/** Everything measured, against ground truth or against reviewers' labels. */
@customElement('musc-metrics-pane')
export class MuscMetricsPane extends PanelElement {
  private readonly roc = memo((ranked: Ranked): readonly CurveSample[] => thinned(rocPoints(ranked), GRAIN));
  private readonly pr = memo((ranked: Ranked): readonly CurveSample[] => thinned(prPoints(ranked), GRAIN));

  static override styles = [
    tokens,
    controls,
    metricsStyle,
    css`
      :host {
        display: block;
        padding: 10px 12px 20px;
        container: metrics / inline-size;
      }
      .against {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 6px;
        margin-bottom: 10px;
        font-size: 12px;
        color: var(--muted);
      }
      h2:first-of-type {
        margin-top: 0;
      }
    `,
  ];

  override render() {
    const { derived } = this.panel;
    const { table, against, progress, suggested } = derived;
    const { auroc, ap } = derived.figures;
    const known = 'value' in auroc;
    return html`
      ${table.hasTruth ? this.choice() : nothing}
      <h2>${TITLES[against]()}</h2>
      ${against === 'labels' ? html`<p>${reviewedText(progress)}</p>` : nothing}
      ${
        known
          ? nothing
          : html`<p>
              ${l10n.t(
                'Not measurable yet: {0}. Suggested threshold from the scores alone: {1}, {2}.',
                auroc.absent,
                format.score(suggested.value),
                suggested.how,
              )}
              ${button(l10n.t('Use it'), () => this.panel.setThreshold({ kind: 'suggested' }))}
            </p>`
      }
      <div class="curves">
        <musc-curve
          .name=${'ROC'}
          .note=${known ? `AUROC ${format.figure(auroc)}` : ''}
          .axes=${{ x: l10n.t('false alarms'), y: l10n.t('hits') }}
          .points=${this.roc(derived.ranked)}
          .marked=${this.rocMark()}
          .absent=${known ? '' : l10n.t('No ROC curve: {0}.', auroc.absent)}
        ></musc-curve>
        <musc-curve
          .name=${l10n.t('Precision–recall')}
          .note=${'value' in ap ? `AP ${format.figure(ap)}` : ''}
          .axes=${{ x: l10n.t('recall'), y: l10n.t('precision') }}
          .points=${known ? this.pr(derived.ranked) : []}
          .marked=${this.prMark()}
          .absent=${known ? '' : l10n.t('No precision–recall curve: {0}.', auroc.absent)}
        ></musc-curve>
      </div>
      ${
        table.types.length > 0
          ? html`<h2>${l10n.t('By type')}</h2>
              <musc-type-table .panel=${this.panel}></musc-type-table>`
          : nothing
      }
      <musc-pixel-curves .panel=${this.panel}></musc-pixel-curves>
    `;
  }

  private choice() {
    const { against } = this.panel.derived;
    const option = (value: 'truth' | 'labels', text: string) =>
      html`<button
        class="quiet"
        aria-pressed=${against === value}
        @click=${() => this.panel.setView({ against: value })}
      >
        ${text}
      </button>`;
    return html`<div class="against" role="group" aria-label=${l10n.t('Measure against')}>
      ${l10n.t('Measure against')} ${option('truth', l10n.t('ground truth'))}
      ${option('labels', l10n.t('reviewers’ labels'))}
    </div>`;
  }

  private rocMark(): CurveSample | null {
    const { ranked, threshold, confusion } = this.panel.derived;
    if (ranked.defects === 0 || ranked.good === 0) return null;
    const { hit, falseAlarm } = confusion;
    return [falseAlarm / ranked.good, hit / ranked.defects, threshold.value];
  }

  private prMark(): CurveSample | null {
    const { ranked, threshold, confusion } = this.panel.derived;
    const { hit, falseAlarm } = confusion;
    if (ranked.defects === 0 || hit + falseAlarm === 0) return null;
    return [hit / ranked.defects, hit / (hit + falseAlarm), threshold.value];
  }
}

const reviewedText = ({ reviewed, total, good, defect, unsure }: ReviewProgress): string =>
  l10n.t(
    '{0} of {1} images are reviewed: {2} good, {3} defect, {4} unsure. Only decided labels count, so these figures speak for the reviewed part.',
    reviewed,
    total,
    good,
    defect,
    unsure,
  );
