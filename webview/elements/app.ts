import * as l10n from '@vscode/l10n';
import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { Keyboard } from '../controllers/keyboard';
import { TextUndo } from '../controllers/text-undo';
import { FRONTS, type Front } from '../state/view';
import { PanelElement } from './base';
import './cards';
import './confusion';
import { cssProperties } from './css-properties';
import './filters';
import './grid';
import type { MuscGrid } from './grid';
import './head';
import './histogram';
import './job-bar';
import './missing-bar';
import './nothing';
import './notice';
import './refusal';
import './side';
import type { MuscSide } from './side';
import './splitter';
import { compact, controls, tokens } from './style';
import './threshold';
import './waiting';

const FRONT_NAMES: Readonly<Record<Front, () => string>> = {
  grid: () => l10n.t('Images'),
  pane: () => l10n.t('Details'),
  summary: () => l10n.t('Summary'),
};

/** The whole panel. */
@customElement('musc-app')
export class MuscApp extends PanelElement {
  @query('musc-side') private side!: MuscSide | null;
  @query('musc-grid') private grid!: MuscGrid | null;
  @query('.switch [aria-pressed="true"]') private frontButton!: HTMLElement | null;
  /** What a narrow window showed when this was last rendered. */
  private front: Front | null = null;

  readonly keyboard = new Keyboard(
    this,
    () => this.panel,
    (event) => this.side?.handleKey(event) ?? false,
  );
  readonly textUndo = new TextUndo(this);

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
        height: 100%;
        container: app / size;
        font-family: var(--vscode-font-family, system-ui, sans-serif);
        background: var(--bg);
      }
      .app {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-height: 0;
      }
      .summary {
        display: grid;
        grid-template-columns: minmax(0, max-content) minmax(160px, 1fr) minmax(150px, max-content) minmax(
            190px,
            250px
          );

        align-items: start;
        gap: 6px 18px;
        padding: 6px 12px 5px;
        border-top: 1px solid var(--line);
        border-bottom: 1px solid var(--line);
        container: summary / inline-size;
        flex: none;
      }
      .summary > * {
        min-width: 0;
      }
      musc-cards {
        margin-left: -9px;
      }
      musc-histogram {
        align-self: stretch;
        justify-self: center;
        width: 100%;
        max-width: 1100px;
      }
      musc-filters {
        border-bottom: 1px solid var(--line);
        flex: none;
      }
      main {
        flex: 1;
        display: grid;
        grid-template-columns: minmax(0, calc(var(--split) * 100%)) auto minmax(0, 1fr);
        min-height: 0;
      }
      .switch {
        display: none;
      }
      @container app (max-width: 1240px) {
        .summary {
          grid-template-columns: minmax(0, 1fr) minmax(170px, 240px);
        }
        musc-cards {
          grid-area: 1 / 1;
        }
        musc-confusion {
          grid-area: 1 / 2;
        }
        musc-histogram {
          grid-area: 2 / 1;
        }
        musc-threshold {
          grid-area: 2 / 2;
        }
      }
      @container ${compact} {
        .summary {
          grid-template-columns: minmax(0, 1fr);
          overflow: auto;
          flex: 1;
          min-height: 0;
          align-content: start;
        }
        .summary > * {
          grid-area: auto;
        }
        musc-histogram {
          min-height: 110px;
        }
        main {
          grid-template-columns: minmax(0, 1fr);
        }
        .switch {
          display: flex;
          gap: 2px;
          padding: 0 6px;
          border-top: 1px solid var(--line);
          border-bottom: 1px solid var(--line);
          flex: none;
        }
        .switch button {
          padding: 4px 8px;
          font-size: 11px;
          text-transform: uppercase;
          border-radius: 0;
          color: var(--vscode-panelTitle-inactiveForeground, var(--muted));
          background: transparent;
          border: 0;
          border-bottom: 1px solid transparent;
        }
        .switch button[aria-pressed='true'] {
          color: var(--vscode-panelTitle-activeForeground, var(--strong));
          border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--strong));
        }
        musc-splitter,
        .front-grid .summary,
        .front-pane .summary,
        .front-grid musc-side,
        .front-pane musc-grid,
        .front-pane musc-filters,
        .front-summary musc-filters,
        .front-summary main {
          display: none;
        }
      }
    `,
  ];

  protected override uses(): readonly unknown[] {
    const { phase, view } = this.panel.state;
    return [phase, view.front, view.split];
  }

  override render() {
    return html`${this.phase()}<musc-notice .panel=${this.panel} @musc-closed=${this.takeFocus}></musc-notice>`;
  }

  /** Something that had the focus is gone: what is shown takes it. */
  private readonly takeFocus = () => {
    const shown = [this.grid, this.side].find((part) => part?.checkVisibility());
    (shown ?? this.frontButton)?.focus();
  };

  /** What has taken the place of what had the focus takes that too. */
  protected override updated(): void {
    const { front } = this.panel.state.view;
    if (front === this.front) return;
    this.front = front;
    if (this.shadowRoot?.activeElement?.checkVisibility() !== false) return;
    if (front === 'grid') this.grid?.focus();
    else if (front === 'pane') this.side?.focus();
  }

  private phase(): TemplateResult | typeof nothing {
    switch (this.panel.state.phase.kind) {
      case 'loading':
        return nothing;
      case 'pending':
        return html`<musc-waiting .panel=${this.panel}></musc-waiting>`;
      case 'refused':
        return html`<musc-refusal .panel=${this.panel}></musc-refusal>`;
      case 'open':
        return this.open();
    }
  }

  private open() {
    const { panel } = this;
    const { view } = panel.state;
    if (panel.derived.table.size === 0)
      return html`<div class="app">
        <musc-head .panel=${panel}></musc-head>
        <musc-job-bar .panel=${panel} @musc-closed=${this.takeFocus}></musc-job-bar>
        <musc-nothing .panel=${panel}></musc-nothing>
      </div>`;
    return html`
      <div class="app front-${view.front}">
        <musc-head .panel=${panel}></musc-head>
        <musc-job-bar .panel=${panel} @musc-closed=${this.takeFocus}></musc-job-bar>
        <musc-missing-bar .panel=${panel}></musc-missing-bar>
        <div class="switch" role="group" aria-label=${l10n.t('Shown')}>
          ${FRONTS.map(
            (front) =>
              html`<button aria-pressed=${view.front === front} @click=${() => panel.setView({ front })}>
                ${FRONT_NAMES[front]()}
              </button>`,
          )}
        </div>
        <section class="summary" aria-label=${l10n.t('Summary')}>
          <musc-cards .panel=${panel}></musc-cards>
          <musc-histogram .panel=${panel}></musc-histogram>
          <musc-threshold .panel=${panel}></musc-threshold>
          <musc-confusion .panel=${panel}></musc-confusion>
        </section>
        <musc-filters .panel=${panel}></musc-filters>
        <main ${cssProperties({ '--split': view.split })}>
          <musc-grid .panel=${panel}></musc-grid>
          <musc-splitter
            .share=${view.split}
            @musc-split=${(e: CustomEvent<number>) => panel.setView({ split: e.detail })}
          ></musc-splitter>
          <musc-side .panel=${panel}></musc-side>
        </main>
      </div>
    `;
  }
}
