import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import * as format from '../model/format';
import { PanelElement } from './base';
import { button } from './button';
import './icon';
import { compact, controls, tokens } from './style';

/** What was scored, with what, where, and how long it took; and what can be done with the run. */
@customElement('musc-head')
export class MuscHead extends PanelElement {
  @state() private skippedOpen = false;

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 5px 8px;
        padding: 6px 12px;
      }
      h1 {
        margin: 0 2px 0 0;
        font-size: 1em;
        font-weight: 600;
        color: var(--strong);
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 5px 8px;
        margin: 0;
        padding: 0;
        list-style: none;
        font-size: 12px;
      }
      @container ${compact} {
        ul {
          flex-wrap: nowrap;
          order: 3;
          flex-basis: 100%;
          overflow-x: auto;
          scrollbar-width: none;
        }
        .warn,
        li:has(.warn) {
          order: -1;
        }
        .actions vscode-button::part(base) {
          padding-inline: 7px;
        }
      }
      li,
      .fact {
        display: inline-flex;
        align-items: center;
        gap: 5px;
        min-height: 20px;
        padding: 0 8px;
        white-space: nowrap;
        color: var(--muted);
        background: transparent;
        border: 1px solid color-mix(in srgb, var(--muted) 25%, transparent);
        border-color: var(--vscode-contrastBorder, color-mix(in srgb, var(--muted) 25%, transparent));
        border-radius: 10px;
        font-size: 12px;
      }
      li:has(button) {
        padding: 0;
        border: 0;
      }
      /* A button's own background is too dark for coloured text. */
      button.fact:hover:not(:disabled) {
        background: var(--hover);
      }
      .device {
        max-width: min(380px, 80cqw);
      }
      .device span:last-child {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .dot {
        flex: none;
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--good);
      }
      @media (forced-colors: active) {
        .dot {
          forced-color-adjust: none;
          background: CanvasText;
        }
      }
      .warn {
        color: var(--warn);
      }
      .warn .dot {
        background: currentColor;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-left: auto;
      }
      .more {
        padding: 4px 12px 8px;
        font-size: 12px;
        border-top: 1px solid var(--line);
        max-height: 180px;
        overflow: auto;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(80px, max-content) 1fr;
        gap: 2px 14px;
        margin: 4px 0;
      }
      dt {
        color: var(--strong);
        overflow-wrap: anywhere;
      }
      dd {
        margin: 0;
        color: var(--muted);
      }
    `,
  ];

  protected override uses(): readonly unknown[] {
    return [this.panel.state.phase];
  }

  override render() {
    const { run } = this.panel.derived.snapshot;
    const { device, backbone, skipped, seconds, settings } = run;
    const protocol = l10n.t('{0} protocol', settings.protocol);
    const notes = run.dataset.notes;
    return html`
      <header>
        <h1>${run.dataset.name}</h1>
        <ul aria-label=${l10n.t('About this run')}>
          <li title=${run.createdAt}>${format.moment(run.createdAt)}</li>
          <li title=${[backbone.note, backbone.licence].filter(Boolean).join(' · ')}>
            ${backbone.name} · ${run.input.width === run.input.height ? '' : `${run.input.width} × `}${run.input.height}
            px
          </li>
          <li>${settings.subsets > 1 ? `${protocol} · ${l10n.t('in {0} subsets', settings.subsets)}` : protocol}</li>
          <li
            class="device ${device.fallback ? 'warn' : ''}"
            title=${device.fallback ?? l10n.t('asked for: {0}', device.requested)}
          >
            <span class="dot"></span><span>${device.label}${device.fallback ? ` – ${device.fallback}` : ''}</span>
          </li>
          <li>${l10n.t('{0} images', format.count(run.images.length))} · ${format.seconds(seconds.total)}</li>
          ${
            skipped.length > 0 || notes.length > 0
              ? html`<li>
                  <button
                    class="fact ${skipped.length > 0 ? 'warn' : ''}"
                    aria-expanded=${this.skippedOpen}
                    @click=${() => (this.skippedOpen = !this.skippedOpen)}
                  >
                    ${skipped.length > 0 ? l10n.t('{0} skipped', format.count(skipped.length)) : l10n.t('notes')}
                  </button>
                </li>`
              : nothing
          }
        </ul>
        <div class="actions">
          ${run.images.length === 0 ? nothing : button(l10n.t('Compare…'), this.compare)}
          ${button(l10n.t('Export…'), () => this.panel.exportRun())}
          ${button(l10n.t('Score again'), () => this.panel.command('scoreAgain'), { primary: true })}
        </div>
      </header>
      ${this.skippedOpen ? this.more() : nothing}
    `;
  }

  private readonly compare = () => this.panel.setView({ pane: 'compare', front: 'pane' });

  private more() {
    const { skipped, dataset } = this.panel.derived.snapshot.run;
    // Thousands of reasons help nobody; the log has them all.
    const shown = skipped.slice(0, 200);
    return html`<section class="more" aria-label=${l10n.t('Skipped pictures and notes')}>
      ${dataset.notes.map((note) => html`<div>${note}</div>`)}
      <dl>
        ${shown.map(
          (s) =>
            html`<dt>${s.path}</dt>
              <dd>${s.reason}</dd>`,
        )}
      </dl>
      ${
        skipped.length > shown.length
          ? button(l10n.t('Show all {0} in the log', format.count(skipped.length)), () => this.panel.command('showLog'))
          : nothing
      }
    </section>`;
  }
}
