import * as l10n from '@vscode/l10n';
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Neighbour } from '../../extension/protocol/panel';
import * as format from '../model/format';
import { whyText } from '../model/why-text';
import { CancelledError } from '../state/channel';
import { PanelElement } from './base';
import { button } from './button';
import './crop';
import './icon';
import type { PatchPlace } from '../controllers/stage-painter';
import { controls, tokens } from './style';

/** Crops shown. */
const NEIGHBOURS = 5;

type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'found'; readonly neighbours: readonly Neighbour[] }
  | { readonly kind: 'failed'; readonly error: string };

/**
 * Why a patch is normal or not: the patches of other images that look most like it. Fires `musc-explain` for the hottest patch, and
 * `musc-open` for another image.
 */
@customElement('musc-why')
export class MuscWhy extends PanelElement {
  @property({ attribute: false }) image: number | null = null;
  @property({ attribute: false }) patch: PatchPlace | null = null;
  /** The neighbour whose place in its whole picture is shown. */
  @state() private placed: Neighbour | null = null;
  @query('.whole') private whole!: HTMLElement | null;
  @state() private answer: Answer = { kind: 'none' };
  private asked: AbortController | undefined;
  private unlisten: (() => void) | undefined;

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
        /* A sentence and the crops: what is above stays where it is when they come. */
        min-height: 114px;
        font-size: 12px;
        color: var(--muted);
      }
      p {
        margin: 0 0 6px;
        line-height: 17px;
      }
      b {
        color: var(--strong);
      }
      @container pane (width < 520px) {
        :host {
          min-height: 131px; /* the sentence has two lines */
        }
      }
      ul {
        display: flex;
        gap: 6px;
        margin: 0;
        padding: 0;
        list-style: none;
        overflow-x: auto;
      }
      li {
        flex: 0 1 84px;
        min-width: 64px;
      }
      button {
        display: block;
        width: 100%;
        padding: 2px;
        background: transparent;
        color: inherit;
        text-align: center;
        font-size: 11px;
        font-variant-numeric: tabular-nums;
      }
      musc-crop {
        height: 58px;
      }
      .whole {
        position: fixed;
        inset: auto;
        width: 220px;
        margin: 0;
        padding: 4px;
        color: var(--vscode-editorHoverWidget-foreground, var(--fg));
        background: var(--vscode-editorHoverWidget-background, var(--raised));
        border: 1px solid var(--vscode-editorHoverWidget-border, var(--line));
        border-radius: 4px;
        pointer-events: none;
      }
      .whole musc-crop {
        height: auto;
      }
      .name {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.unlisten = this.panel.thumbnails(512).subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten?.();
    this.asked?.abort();
  }

  protected override willUpdate(changed?: PropertyValues<this>): void {
    super.willUpdate();
    if (changed?.has('patch') || changed?.has('image')) void this.ask();
  }

  private async ask(): Promise<void> {
    this.asked?.abort();
    const { image, patch } = this;
    if (image === null || patch === null) {
      this.answer = { kind: 'none' };
      this.placed = null;
      return;
    }
    const asked = new AbortController();
    this.asked = asked;
    this.answer = { kind: 'asking' };
    this.placed = null;
    try {
      const neighbours = await this.panel.channel.call(
        'neighbours',
        { image, row: patch.row, column: patch.column, k: NEIGHBOURS },
        asked.signal,
      );
      this.panel.thumbnails(512).want(
        neighbours.map((n) => n.image),
        'why',
      );
      this.answer = { kind: 'found', neighbours };
      this.panel.say(this.sentence(neighbours));
    } catch (error) {
      if (error instanceof CancelledError) return;
      this.answer = { kind: 'failed', error: error instanceof Error ? error.message : String(error) };
    }
  }

  private sentence(neighbours: readonly Neighbour[]): string {
    const { table, mapThreshold, snapshot } = this.panel.derived;
    return whyText({
      distances: neighbours.map((n) => n.distance),
      line: mapThreshold,
      others: table.size - 1,
      subsets: snapshot.run.settings.subsets,
    });
  }

  override render() {
    const { answer } = this;
    switch (answer.kind) {
      case 'none': {
        const unread = this.image === null ? undefined : this.panel.maps.errorOf(this.image);
        if (unread !== undefined)
          return html`<p>
            <b>${l10n.t('Why?')}</b> ${l10n.t('Without its heatmap no patch of this image can be chosen.')}
          </p>`;
        const how = l10n.t('Click a patch in the picture to see what it looks like elsewhere.');
        return html`<p><b>${l10n.t('Why?')}</b> ${how}</p>
          ${button(html`${l10n.t('Explain the hottest patch')} <kbd>W</kbd>`, () => this.dispatchEvent(new Event('musc-explain')))}`;
      }
      case 'asking':
        return html`<p><b>${l10n.t('Why:')}</b> ${l10n.t('looking through the other images …')}</p>`;
      case 'failed':
        return html`<p><b>${l10n.t('Why:')}</b> ${answer.error}</p>`;
      case 'found':
        return html`<p><b>${l10n.t('Why:')}</b> ${this.sentence(answer.neighbours)}</p>
          <ul>
            ${answer.neighbours.map((n) => this.crop(n))}
          </ul>
          ${this.place()}`;
    }
  }

  /** Where in its whole picture the neighbour under the pointer lies. */
  private place() {
    const { placed } = this;
    const { snapshot } = this.panel.derived;
    return html`<div class="whole" popover="manual" aria-hidden="true">
      ${
        placed
          ? html`<musc-crop
                whole
                .uri=${this.panel.thumbnails(512).peek(placed.image)?.uri}
                .grid=${snapshot.run.grid}
                .row=${placed.row}
                .column=${placed.column}
              ></musc-crop>
              <span class="name">${this.nameOf(placed)}</span>`
          : nothing
      }
    </div>`;
  }

  private nameOf({ image, row, column }: Neighbour): string {
    const path = format.shortPath(this.panel.derived.table.path[image]);
    return l10n.t('{0}, patch {1}, {2}', path, row, column);
  }

  protected override updated(): void {
    const { whole, placed } = this;
    if (!whole) return;
    if (!placed) return whole.hidePopover();
    whole.showPopover();
    const box = (this.renderRoot.querySelector('ul') ?? this).getBoundingClientRect();
    whole.style.setProperty('bottom', `${Math.max(8, innerHeight - box.top + 6)}px`);
    whole.style.setProperty('right', `${Math.max(8, innerWidth - box.right)}px`);
  }

  private crop(neighbour: Neighbour) {
    const { table, snapshot } = this.panel.derived;
    const path = table.path[neighbour.image] ?? '';
    return html`<li>
      <button
        aria-label=${l10n.t('{0} {1}: open', neighbour.distance.toFixed(2), format.shortPath(path))}
        @click=${() => this.dispatchEvent(new CustomEvent<number>('musc-open', { detail: neighbour.image }))}
        @pointerenter=${() => (this.placed = neighbour)}
        @pointerleave=${() => (this.placed = null)}
        @focus=${() => (this.placed = neighbour)}
        @blur=${() => (this.placed = null)}
      >
        <musc-crop
          .uri=${this.panel.thumbnails(512).peek(neighbour.image)?.uri}
          .grid=${snapshot.run.grid}
          .row=${neighbour.row}
          .column=${neighbour.column}
        ></musc-crop>
        ${neighbour.distance.toFixed(2)} ${path ? html`<span class="name">${format.shortPath(path)}</span>` : nothing}
      </button>
    </li>`;
  }
}
