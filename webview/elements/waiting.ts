import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as format from '../model/format';
import { PanelElement } from './base';
import './icon';
import './job-bar';
import './job-stages';
import { controls, tokens } from './style';

/** A run that is being made: its stages, and the pictures as they are read. */
@customElement('musc-waiting')
export class MuscWaiting extends PanelElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
        height: 100%;
        overflow: auto;
      }
      h1 {
        margin: 0;
        padding: 10px 12px;
        font-size: 1em;
        color: var(--strong);
      }
      h2 {
        margin: 4px 0 0;
        padding: 0 12px;
        font-size: 12px;
        font-weight: 600;
        color: var(--strong);
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(132px, 1fr));
        gap: 8px;
        margin: 0;
        padding: 10px 12px;
        list-style: none;
      }
      li {
        font-size: 11px;
        color: var(--muted);
        min-width: 0;
      }
      img {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        object-fit: contain;
        background: var(--tile);
        border-radius: 3px;
      }
      li span {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        line-height: 19px;
      }
      .hint {
        padding: 0 12px;
        color: var(--muted);
      }
    `,
  ];

  override render() {
    const { phase, job } = this.panel.state;
    if (phase.kind !== 'pending') return nothing;
    const pictures = job?.pictures ?? [];
    const failed = job?.state === 'failed' || job?.state === 'cancelled';
    const none = failed ? l10n.t('No picture was read.') : l10n.t('Pictures appear here as they are read.');
    const later = l10n.t('The ranking takes this place when every picture is scored.');
    return html`
      <h1 title=${phase.folder}>${format.lastPart(phase.folder)}</h1>
      <musc-job-bar .panel=${this.panel}></musc-job-bar>
      ${job ? html`<musc-job-stages .job=${job}></musc-job-stages>` : nothing}
      ${
        pictures.length > 0
          ? html`<h2>${l10n.t('Read last')}</h2>
              <ul aria-label=${l10n.t('Pictures read last, newest first')}>
                ${[...pictures]
                  .reverse()
                  .map(
                    (p) =>
                      html`<li>
                        <img src=${p.uri} alt="" decoding="async" /><span>${format.shortPath(p.path)}</span>
                      </li>`,
                  )}
              </ul>`
          : html`<p class="hint">${none}</p>`
      }
      ${failed ? nothing : html`<p class="hint">${later}</p>`}
    `;
  }
}
