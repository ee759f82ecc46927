import * as l10n from '@vscode/l10n';
import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { Doubt } from '../model/doubt';
import * as format from '../model/format';
import { heatmapUnread } from '../model/unread-text';
import { cardStyle } from './card-style';
import { cssProperties } from './css-properties';
import './icon';
import { tokens } from './style';

/** One image of the grid. Knows nothing of the panel: the grid sets what it shows. */
@customElement('musc-card')
export class MuscCard extends LitElement {
  @property({ attribute: false }) image = -1;
  @property({ attribute: false }) path = '';
  @property({ attribute: false }) rank = 0;
  @property({ attribute: false }) score = 0;
  /** Share of the run's score range, 0..1. */
  @property({ attribute: false }) share = 0;
  @property({ attribute: false }) flagged = false;
  @property({ attribute: false }) doubt: Doubt | null = null;
  @property({ attribute: false }) uri: string | null | undefined;
  @property({ attribute: false }) problem: string | undefined;
  /** Why the picture is without its heat. */
  @property({ attribute: false }) heatProblem: string | undefined;

  static override styles = [tokens, cardStyle];

  override render() {
    const missing = this.uri === null || this.problem !== undefined;
    const problem = this.problem ?? l10n.t('not found');
    const file = format.lastPart(this.path);
    const folder = format.shortPath(this.path).slice(0, -file.length);
    return html`
      <div class="picture">
        ${
          this.uri && !missing
            ? keyed(this.uri, html`<img src=${this.uri} alt="" decoding="async" draggable="false" />`)
            : nothing
        }
        ${missing ? html`<div class="problem"><musc-icon name="warning"></musc-icon>${problem}</div>` : nothing}
        ${
          this.heatProblem !== undefined
            ? html`<musc-icon class="unread" name="warning" title=${heatmapUnread(this.heatProblem)}></musc-icon>`
            : nothing
        }
      </div>
      <div class=${this.flagged ? 'flagged' : ''}>
        <div class="bar">
          <div class="fill" ${cssProperties({ transform: `scaleX(${this.share.toFixed(4)})` })}></div>
        </div>
        <div class="line">
          <span class="rank">${this.rank + 1}</span>
          <span class="name"><span class="folder">${folder}</span><span>${file}</span></span>
          <span class=${this.doubt ? `doubt ${this.doubt}` : ''}
            >${
              this.doubt === 'truth' || this.doubt === 'label' ? html`<musc-icon name="question"></musc-icon>` : nothing
            }${format.score(this.score)}</span
          >
        </div>
      </div>
    `;
  }
}
