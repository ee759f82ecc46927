import * as l10n from '@vscode/l10n';
import { css, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { PanelResults } from '../../extension/protocol/panel';
import type { RunFile } from '../../extension/protocol/run-file';
import { clippedAt, type Figure } from '../model/curve';
import * as format from '../model/format';
import { CancelledError } from '../state/channel';
import { PanelElement } from './base';
import './curve-chart';
import { metricsStyle } from './metrics-style';
import { tokens } from './style';

/** Right end of the per-region overlap that AUPRO is the area of: a share of false-positive pixels. */
const PRO_LIMIT = 0.3;
/** Of runs whose curves were shown before. */
const measured = new WeakMap<RunFile, PanelResults['pixelCurves']>();

/** The curves of pixels against ground truth. They follow no threshold of images. */
@customElement('musc-pixel-curves')
export class MuscPixelCurves extends PanelElement {
  @state() private curves: PanelResults['pixelCurves'] | null = null;
  private asked: AbortController | undefined;

  static override styles = [
    tokens,
    metricsStyle,
    css`
      :host {
        display: block;
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

  protected override uses(): readonly unknown[] {
    return [this.panel.state.phase];
  }

  private async load(): Promise<void> {
    const { run } = this.panel.derived.snapshot;
    if (!run.metrics) return;
    this.curves = measured.get(run) ?? null;
    if (this.curves) return;
    this.asked = new AbortController();
    try {
      this.curves = await this.panel.channel.call('pixelCurves', {}, this.asked.signal);
      measured.set(run, this.curves);
    } catch (error) {
      if (error instanceof CancelledError) return;
      this.curves = { absent: error instanceof Error ? error.message : String(error) };
    }
  }

  override render() {
    const { metrics } = this.panel.derived.snapshot.run;
    if (!metrics)
      return html`<h2>${l10n.t('Pixels')}</h2>
        <p>${l10n.t('No ground-truth masks: pixel metrics cannot be measured.')}</p>`;
    const { curves } = this;
    if (curves === null)
      return html`<h2>${l10n.t('Pixels, against ground truth')}</h2>
        <p>${l10n.t('Measuring …')}</p>`;
    const { pixel } = metrics;
    const absent = 'absent' in curves ? curves.absent : '';
    const points = (which: 'roc' | 'pr' | 'pro') => ('absent' in curves ? [] : curves[which]);
    return html`<h2>${l10n.t('Pixels, against ground truth')}</h2>
      <div class="curves">
        <musc-curve
          .name=${'ROC'}
          .note=${`AUROC ${valueText(pixel.auroc)}`}
          .axes=${{ x: l10n.t('false positives'), y: l10n.t('true positives') }}
          .points=${points('roc')}
          .absent=${absent}
        ></musc-curve>
        <musc-curve
          .name=${l10n.t('Precision–recall')}
          .note=${`AP ${valueText(pixel.ap)}`}
          .axes=${{ x: l10n.t('recall'), y: l10n.t('precision') }}
          .points=${points('pr')}
          .absent=${absent}
        ></musc-curve>
        <musc-curve
          .name=${l10n.t('Per-region overlap')}
          .note=${l10n.t('AUPRO up to 30 %: {0}', valueText(pixel.aupro))}
          .axes=${{ x: l10n.t('false positives'), y: l10n.t('overlap') }}
          .limit=${PRO_LIMIT}
          .points=${clippedAt(points('pro'), PRO_LIMIT)}
          .absent=${absent}
        ></musc-curve>
      </div>`;
  }
}

/** A metric in percent, or why there is none: nothing else says so where cards measure against labels. */
const valueText = (figure: Figure): string =>
  'value' in figure ? format.percent(figure.value) : l10n.t('undefined, {0}', figure.absent);
