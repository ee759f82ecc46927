import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { PanelResults } from '../../extension/protocol/panel';
import type { CurveSample } from '../charts/curve';
import { prPoints, rocPoints, thinned, type Ranked } from '../model/curve';
import * as format from '../model/format';
import type { ReviewProgress } from '../model/review';
import type { Against } from '../model/table';
import { confusionAt, classScores } from '../model/verdict';
import { CancelledError } from '../state/channel';
import { memo } from '../state/store';
import { PanelElement } from './base';
import './curve-chart';
import { controls, tokens } from './style';
import './type-table';

type PixelCurves = PanelResults['pixelCurves'];
const TITLES: Readonly<Record<Against, () => string>> = {
  truth: () => l10n.t('Images, against ground truth'),
  labels: () => l10n.t('Images, against reviewers’ labels'),
};
/** Points drawn per curve: more than there are pixels across. */
const POINTS = 400;

/** Everything measured, against ground truth or against reviewers' labels. */
@customElement('musc-metrics-pane')
export class MuscMetricsPane extends PanelElement {
  @state() private pixel: PixelCurves | null = null;
  private asked: AbortController | undefined;
  private readonly roc = memo((ranked: Ranked): readonly CurveSample[] => thinned(rocPoints(ranked), POINTS));
  private readonly pr = memo((ranked: Ranked): readonly CurveSample[] => thinned(prPoints(ranked), POINTS));

  static override styles = [
    tokens,
    controls,
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
      h2 {
        margin: 16px 0 6px;
        font-size: 1em;
        font-weight: 600;
        color: var(--strong);
      }
      h2:first-of-type {
        margin-top: 0;
      }
      .curves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(220px, 1fr));
        gap: 12px 18px;
      }
      p {
        margin: 0 0 8px;
        font-size: 12px;
        line-height: 17px;
        color: var(--muted);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asked?.abort();
  }

  private async load(): Promise<void> {
    if (!this.panel.derived.snapshot.run.metrics) return;
    this.asked = new AbortController();
    try {
      this.pixel = await this.panel.channel.call('pixelCurves', {}, this.asked.signal);
    } catch (error) {
      if (error instanceof CancelledError) return;
      this.pixel = { absent: error instanceof Error ? error.message : String(error) };
    }
  }

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
              <button @click=${() => this.panel.setThreshold({ kind: 'suggested' })}>${l10n.t('Use it')}</button>
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
      ${this.pixels()}
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

  private get counts() {
    const { table, classes, threshold } = this.panel.derived;
    return confusionAt(classScores(table.score, classes), threshold.value);
  }

  private rocMark(): CurveSample | null {
    const { ranked, threshold } = this.panel.derived;
    if (ranked.defects === 0 || ranked.good === 0) return null;
    const { hit, falseAlarm } = this.counts;
    return [falseAlarm / ranked.good, hit / ranked.defects, threshold.value];
  }

  private prMark(): CurveSample | null {
    const { ranked, threshold } = this.panel.derived;
    const { hit, falseAlarm } = this.counts;
    if (ranked.defects === 0 || hit + falseAlarm === 0) return null;
    return [hit / ranked.defects, hit / (hit + falseAlarm), threshold.value];
  }

  private pixels() {
    const { metrics } = this.panel.derived.snapshot.run;
    if (!metrics)
      return html`<h2>${l10n.t('Pixels')}</h2>
        <p>${l10n.t('No ground-truth masks: pixel metrics can not be measured.')}</p>`;
    const { pixel } = this;
    if (pixel === null)
      return html`<h2>${l10n.t('Pixels, against ground truth')}</h2>
        <p>${l10n.t('Measuring …')}</p>`;
    const absent = 'absent' in pixel ? pixel.absent : '';
    const curve = (which: 'roc' | 'pr' | 'pro') => ('absent' in pixel ? [] : pixel[which]);
    const value = (figure: typeof metrics.pixel.auroc) =>
      'value' in figure ? format.percent(figure.value) : l10n.t('undefined');
    return html`<h2>${l10n.t('Pixels, against ground truth')}</h2>
      <div class="curves">
        <musc-curve
          .name=${'ROC'}
          .note=${`AUROC ${value(metrics.pixel.auroc)}`}
          .axes=${{ x: l10n.t('false positives'), y: l10n.t('true positives') }}
          .points=${curve('roc')}
          .absent=${absent}
        ></musc-curve>
        <musc-curve
          .name=${l10n.t('Precision–recall')}
          .note=${`AP ${value(metrics.pixel.ap)}`}
          .axes=${{ x: l10n.t('recall'), y: l10n.t('precision') }}
          .points=${curve('pr')}
          .absent=${absent}
        ></musc-curve>
        <musc-curve
          .name=${l10n.t('Per-region overlap')}
          .note=${l10n.t('AUPRO up to 30 %: {0}', value(metrics.pixel.aupro))}
          .axes=${{ x: l10n.t('false positives'), y: l10n.t('overlap') }}
          .limit=${0.3}
          .points=${curve('pro').filter(([x]) => x <= 0.3)}
          .absent=${absent}
        ></musc-curve>
      </div>`;
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
