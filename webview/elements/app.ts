import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import { Keyboard } from '../controllers/keyboard';
import { PanelElement } from './base';
import './cards';
import './confusion';
import { cssProperties } from './css-properties';
import './filters';
import './grid';
import './head';
import './histogram';
import './job-bar';
import './notice';
import './refusal';
import './side';
import type { MuscSide } from './side';
import './splitter';
import { controls, tokens } from './style';
import './threshold';
import './waiting';

/** The whole panel. */
@customElement('musc-app')
export class MuscApp extends PanelElement {
  @query('musc-side') private side!: MuscSide | null;

  readonly keyboard = new Keyboard(
    this,
    () => this.panel,
    (event) => this.side?.handleKey(event) ?? false,
  );

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
      @container app (max-width: 700px) {
        .app {
          overflow: hidden auto;
          display: block;
        }
        .summary {
          grid-template-columns: minmax(0, 1fr);
        }
        .summary > * {
          grid-area: auto;
        }
        musc-histogram {
          order: 1;
        }
        musc-threshold {
          order: 2;
        }
        musc-confusion {
          order: 3;
        }
        main {
          display: block;
          height: max(420px, calc(100cqh - 40px));
          position: relative;
        }
        .switch {
          display: flex;
          gap: 4px;
          padding: 5px 12px;
          border-bottom: 1px solid var(--line);
          position: sticky;
          top: 0;
          z-index: 3;
          background: var(--bg);
        }
        .switch button[aria-pressed='true'] {
          color: var(--vscode-button-foreground);
          background: var(--vscode-button-background);
        }
        musc-splitter {
          display: none;
        }
        main musc-grid,
        main musc-side {
          height: 100%;
        }
        .front-grid musc-side,
        .front-pane musc-grid {
          display: none;
        }
      }
    `,
  ];

  override render() {
    return html`${this.phase()}<musc-notice .panel=${this.panel}></musc-notice>`;
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
    return html`
      <div class="app">
        <musc-head .panel=${panel}></musc-head>
        <musc-job-bar .panel=${panel}></musc-job-bar>
        <section class="summary" aria-label="Summary">
          <musc-cards .panel=${panel}></musc-cards>
          <musc-histogram .panel=${panel}></musc-histogram>
          <musc-threshold .panel=${panel}></musc-threshold>
          <musc-confusion .panel=${panel}></musc-confusion>
        </section>
        <musc-filters .panel=${panel}></musc-filters>
        <div class="switch" role="group" aria-label="Shown">
          <button aria-pressed=${view.front === 'grid'} @click=${() => panel.setView({ front: 'grid' })}>Images</button>
          <button aria-pressed=${view.front === 'pane'} @click=${() => panel.setView({ front: 'pane' })}>
            Details
          </button>
        </div>
        <main class="front-${view.front}" ${cssProperties({ '--split': view.split })}>
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
