import type { VscodeButton } from '@vscode-elements/elements/dist/vscode-button/index.js';
import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement, queryAll } from 'lit/decorators.js';
import type { PanelJob } from '../../extension/protocol/panel';
import { countsPictures } from '../../extension/protocol/stage';
import { LostFocus } from '../controllers/lost-focus';
import * as format from '../model/format';
import { speedText } from '../model/speed';
import { stageName } from '../model/stage';
import { PanelElement } from './base';
import { button } from './button';
import { cssProperties } from './css-properties';
import './icon';
import { progressStyle } from './progress-style';
import { controls, tokens } from './style';

/** What the engine is doing for this folder, and how it ended when it did not end well. Fires `musc-closed` when it goes with the focus. */
@customElement('musc-job-bar')
export class MuscJobBar extends PanelElement {
  @queryAll('vscode-button') private actions!: NodeListOf<VscodeButton>;

  constructor() {
    super();
    new LostFocus(this, () => void this.passFocus());
  }

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
      }
      .job {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        padding: 5px 12px;
        font-size: 12px;
        border-top: 1px solid var(--line);
        font-variant-numeric: tabular-nums;
      }
      .text {
        flex: 1 1 160px;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .failed {
        color: var(--error-text);
      }
      .track {
        height: 2px;
        background: color-mix(in srgb, var(--muted) 20%, transparent);
      }
    `,
    progressStyle, // last: it replaces the colour where colours are forced
  ];

  /** An action that goes with what it did gives its focus to the one that has come. */
  private async passFocus(): Promise<void> {
    const action = [...this.actions].at(-1);
    if (!action) return void this.dispatchEvent(new CustomEvent('musc-closed'));
    await action.updateComplete; // it takes no focus before
    action.focus();
  }

  override render() {
    const { job } = this.panel.state;
    if (!job || job.state === 'done') return nothing;
    switch (job.state) {
      case 'failed':
        return html`<div class="job failed" role="alert">
          <musc-icon name="error"></musc-icon><span class="text">${job.error ?? l10n.t('Scoring failed.')}</span>
          ${button(l10n.t('Show log'), () => this.panel.command('showLog'))} ${button(l10n.t('Try again'), this.resume)}
          ${this.close()}
        </div>`;
      case 'cancelled':
        return html`<div class="job">
          <musc-icon name="stop"></musc-icon
          ><span class="text">${l10n.t('Scoring was cancelled. What was computed is kept.')}</span>
          ${button(l10n.t('Resume'), this.resume)} ${this.close()}
        </div>`;
      case 'queued':
      case 'running':
        return this.running(job);
    }
  }

  /** Goes on with what the job has kept. */
  private readonly resume = () => this.panel.command('scoreAgain', { resume: true });

  /** Takes away how a job ended; not where nothing else would be left. */
  private close() {
    if (this.isAlone) return nothing;
    return html`<button class="quiet" aria-label=${l10n.t('Close')} @click=${() => this.panel.dismissJob()}>
      <musc-icon name="close"></musc-icon>
    </button>`;
  }

  /** Whether the job's run is all that the page is about. */
  private get isAlone(): boolean {
    return this.panel.state.phase.kind === 'pending';
  }

  private running(job: PanelJob) {
    const part = job.total > 0 ? job.done / job.total : 0;
    const stage = stageOf(job);
    const facts = [
      job.total <= 1
        ? ''
        : countsPictures(job.stage)
          ? l10n.t('{0} of {1}', format.count(job.done), format.count(job.total))
          : `${Math.floor(100 * part)} %`,
      speedText(job.stage, this.panel.speed.perSecond),
      job.secondsLeft === null ? '' : l10n.t('{0} left', format.seconds(job.secondsLeft)),
    ].filter(Boolean);
    return html`<div class="job">
        <musc-icon name="loading" spin></musc-icon>
        <span class="text"
          >${stage}${facts.length > 0 ? ` · ${facts.join(' · ')}` : ''}${job.item ? ` · ${job.item}` : ''}</span
        >
        ${
          this.isAlone
            ? nothing
            : button(l10n.t('Watch'), () => this.panel.command('watch'), {
                title: l10n.t('See the pictures as they are read'),
              })
        }
        ${button(l10n.t('Cancel'), () => this.panel.command('cancel'))}
      </div>
      <div
        class="track"
        role="progressbar"
        aria-label=${stage}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(part * 100)}
      >
        <div class="fill" ${cssProperties({ transform: `scaleX(${part.toFixed(4)})` })}></div>
      </div>`;
  }
}

function stageOf({ state, stage }: PanelJob): string {
  if (state === 'queued') return l10n.t('Waiting for another run');
  return stage ? stageName(stage) : l10n.t('Starting');
}
