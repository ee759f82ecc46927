import * as l10n from '@vscode/l10n';
import { css, html, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';
import type { PatchPlace } from '../controllers/stage-painter';
import * as format from '../model/format';
import { PANES, type Pane } from '../state/view';
import { PanelElement } from './base';
import './compare-pane';
import type { MuscComparePane } from './compare-pane';
import './icon';
import './image-pane';
import { isPatchKey, type MuscImagePane } from './image-pane';
import './metrics-pane';
import './review-pane';
import type { MuscReviewPane } from './review-pane';
import { controls, tokens } from './style';

const NAMES: Readonly<Record<Pane, () => string>> = {
  image: () => l10n.t('Image'),
  metrics: () => l10n.t('Metrics'),
  review: () => l10n.t('Review'),
  compare: () => l10n.t('Compare'),
};

/** The right side: one image, the metrics, reviewing, or comparing runs. */
@customElement('musc-side')
export class MuscSide extends PanelElement {
  @query('#panel') private shown!: HTMLElement;
  @query('musc-image-pane, musc-review-pane, musc-compare-pane') private keyed!:
    MuscImagePane | MuscReviewPane | MuscComparePane | null;

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
        background: var(--raised);
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: stretch;
        gap: 2px;
        padding: 0 12px 0 6px;
        border-bottom: 1px solid var(--line);
        min-height: 32px;
      }
      [role='tablist'] {
        display: flex;
        min-width: 0;
        flex-wrap: wrap;
      }
      [role='tab'] {
        padding: 0 8px;
        color: var(--vscode-panelTitle-inactiveForeground, var(--muted));
        background: transparent;
        border: 0;
        border-bottom: 1px solid transparent;
        border-top: 1px solid transparent;
        border-radius: 0;
        min-height: 32px;
        font-size: 11px;
        text-transform: uppercase;
      }
      [role='tab'][aria-selected='true'] {
        color: var(--vscode-panelTitle-activeForeground, var(--strong));
        border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--strong));
      }
      [role='tab']:focus-visible {
        outline-offset: -2px;
      }
      .place {
        display: flex;
        align-items: center;
        gap: 2px;
        margin-left: auto;
        color: var(--muted);
        font-variant-numeric: tabular-nums;
        font-size: 12px;
        white-space: nowrap;
      }
      [role='tabpanel'] {
        outline-offset: -2px;
        flex: 1;
        min-height: 0;
        overflow: auto;
      }
    `,
  ];

  /** The pane that was shown, and whether the focus was in it before it gives way to another. */
  private pane: Pane | null = null;
  private wasFocused = false;

  protected override willUpdate(): void {
    super.willUpdate();
    const { pane } = this.panel.state.view;
    this.wasFocused =
      pane !== this.pane && this.hasUpdated && this.shown.contains(this.shadowRoot?.activeElement ?? null);
    this.pane = pane;
  }

  /** Keys are heard only where the focus is in the panel: it does not go with a pane. */
  protected override updated(): void {
    if (this.wasFocused) this.focus();
  }

  /** Gives the focus to what the tab shows. */
  override focus(options?: FocusOptions): void {
    this.shown.focus(options);
  }

  /** A key pressed anywhere in the panel; true when the shown pane took it. */
  handleKey(event: KeyboardEvent): boolean {
    if (this.keyed?.handleKey(event)) return true;
    if (!this.panel.isReviewing || !isPatchKey(event)) return false;
    void this.explain((pane) => pane.handleKey(event));
    return true;
  }

  /** A patch that is asked for in the review is explained beside the image. */
  private async explain(choose: (pane: MuscImagePane) => void): Promise<void> {
    const focused = this.shadowRoot?.activeElement?.localName === 'musc-review-pane';
    this.panel.setView({ pane: 'image' });
    await this.updateComplete;
    const pane = this.renderRoot.querySelector<MuscImagePane>('musc-image-pane');
    if (!pane) return;
    await pane.updateComplete;
    choose(pane);
    if (focused) pane.focus();
  }

  override render() {
    const { view, current } = this.panel.state;
    const { visible } = this.panel.derived;
    const at = current === null ? -1 : visible.indexOf(current);
    return html`
      <div class="bar">
        <div role="tablist" aria-label=${l10n.t('Views')} @keydown=${this.onKey}>
          ${PANES.map(
            (pane) =>
              html`<button
                role="tab"
                id="tab-${pane}"
                aria-selected=${view.pane === pane}
                aria-controls="panel"
                tabindex=${view.pane === pane ? 0 : -1}
                @click=${() => this.panel.setView({ pane })}
              >
                ${NAMES[pane]()}
              </button>`,
          )}
        </div>
        <span class="place">
          <button
            class="quiet"
            aria-label=${l10n.t('Previous image')}
            title=${l10n.t('Previous image (←)')}
            @click=${() => this.panel.step(-1)}
          >
            <musc-icon name="chevronLeft"></musc-icon>
          </button>
          ${at >= 0 ? format.count(at + 1) : '–'} / ${format.count(visible.length)}
          <button
            class="quiet"
            aria-label=${l10n.t('Next image')}
            title=${l10n.t('Next image (→)')}
            @click=${() => this.panel.step(1)}
          >
            <musc-icon name="chevronRight"></musc-icon>
          </button>
        </span>
      </div>
      <div role="tabpanel" id="panel" tabindex="-1" aria-labelledby="tab-${view.pane}">${this.content(view.pane)}</div>
    `;
  }

  private content(pane: Pane): TemplateResult {
    switch (pane) {
      case 'image':
        return html`<musc-image-pane .panel=${this.panel}></musc-image-pane>`;
      case 'metrics':
        return html`<musc-metrics-pane .panel=${this.panel}></musc-metrics-pane>`;
      case 'review':
        return html`<musc-review-pane
          .panel=${this.panel}
          @musc-patch=${({ detail }: CustomEvent<PatchPlace>) => this.explain((pane) => pane.explain(detail))}
        ></musc-review-pane>`;
      case 'compare':
        return html`<musc-compare-pane .panel=${this.panel}></musc-compare-pane>`;
    }
  }

  private readonly onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = PANES.indexOf(this.panel.state.view.pane);
    const pane = PANES[(at + step + PANES.length) % PANES.length];
    this.panel.setView({ pane });
    event.preventDefault();
    event.stopPropagation();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${pane}`)?.focus());
  };
}
