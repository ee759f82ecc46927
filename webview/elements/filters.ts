import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Show } from '../model/filter';
import * as format from '../model/format';
import { SORT_KEYS, type SortKey } from '../model/order';
import { CHIPS } from '../state/derived';
import { PanelElement } from './base';
import './icon';
import { controls, tokens } from './style';

const CHIP_NAMES: Readonly<Partial<Record<Show, string>>> = {
  all: 'All',
  flagged: 'Above threshold',
  unlabelled: 'To review',
  toCheck: 'Labels to check',
  good: 'Labelled good',
  defect: 'Labelled defect',
  unsure: 'Unsure',
  missing: 'Missing',
};
/** Chips that are there even when empty: a chip must not come and go while the threshold is dragged. */
const ALWAYS: ReadonlySet<Show> = new Set<Show>(['all', 'flagged', 'unlabelled', 'toCheck']);
const VERDICT_NAMES: Readonly<Partial<Record<Show, string>>> = {
  hit: 'Hit',
  missed: 'Missed',
  falseAlarm: 'False alarms',
  passed: 'Passed',
  truthGood: 'Truth: good',
  truthDefect: 'Truth: defect',
};
const SORT_NAMES: Readonly<Record<SortKey, string>> = {
  score: 'score',
  rawScore: 'raw score',
  name: 'name',
  type: 'type',
  disagreement: 'disagreement',
  review: 'next to review',
};
/** More types than this go into a menu. */
const TYPE_CHIPS = 6;

/** What the grid shows and in which order. */
@customElement('musc-filters')
export class MuscFilters extends PanelElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 5px 6px;
        padding: 5px 12px;
        font-size: 12px;
      }
      input[type='search'] {
        flex: 0 1 170px;
        min-width: 96px;
      }
      .range {
        width: 64px;
      }
      .chip {
        min-height: 22px;
        padding: 0 9px;
        border-radius: 11px;
        color: var(--muted);
        background: transparent;
        border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--muted) 30%, transparent));
      }
      .chip b {
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
      .chip[aria-pressed='true'] {
        color: var(--vscode-inputOption-activeForeground, var(--strong));
        background: var(--vscode-inputOption-activeBackground, var(--hover));
        border-color: var(--vscode-inputOption-activeBorder, var(--focus));
      }
      .order {
        display: flex;
        align-items: center;
        gap: 4px;
        margin-left: auto;
        color: var(--muted);
      }
      .types {
        display: contents;
      }
      .sep {
        width: 1px;
        height: 16px;
        background: var(--line);
      }
    `,
  ];

  override render() {
    const { view } = this.panel.state;
    const { filter, sort } = view;
    const counts = this.panel.derived.chipCounts;
    return html`
      <input
        type="search"
        placeholder="Filter by name…"
        aria-label="Filter by name"
        .value=${filter.text}
        @input=${(e: Event) => this.panel.setFilter({ text: (e.target as HTMLInputElement).value })}
      />
      ${CHIPS.filter((c) => ALWAYS.has(c) || (counts.get(c) ?? 0) > 0 || filter.show === c).map((c) =>
        this.chip(c, CHIP_NAMES[c] ?? c, counts.get(c) ?? 0),
      )}
      ${filter.show in VERDICT_NAMES ? this.chip(filter.show, VERDICT_NAMES[filter.show] ?? '', this.panel.derived.visible.length) : nothing}
      ${this.types()} ${this.range()}
      <span class="order">
        <label for="sort">Sort</label>
        <select id="sort" @change=${this.onSort}>
          ${SORT_KEYS.map((k) => html`<option value=${k} ?selected=${k === sort.key}>${SORT_NAMES[k]}</option>`)}
        </select>
        <button
          class="quiet"
          aria-label="Reverse the order"
          aria-pressed=${sort.reversed}
          title="Reverse the order"
          @click=${() => this.panel.setView({ sort: { ...sort, reversed: !sort.reversed } })}
        >
          <musc-icon name=${sort.reversed ? 'sortUp' : 'sortDown'}></musc-icon>
        </button>
        ${(['S', 'M', 'L'] as const).map(
          (size) =>
            html`<button
              class="quiet"
              aria-label=${{ S: 'Small pictures', M: 'Medium pictures', L: 'Large pictures' }[size]}
              aria-pressed=${view.size === size}
              @click=${() => this.panel.setView({ size })}
            >
              ${size}
            </button>`,
        )}
      </span>
    `;
  }

  private chip(show: Show, name: string, count: number) {
    return html`<button
      class="chip"
      aria-pressed=${this.panel.state.view.filter.show === show}
      @click=${() => this.panel.toggleShow(show)}
    >
      ${name} <b>${format.count(count)}</b>
    </button>`;
  }

  private types() {
    const { types } = this.panel.derived.table;
    const { filter } = this.panel.state.view;
    if (types.length < 2) return nothing;
    const counts = this.panel.derived.typeCounts;
    const toggle = (type: string) =>
      this.panel.setFilter({
        types: filter.types.includes(type) ? filter.types.filter((t) => t !== type) : [...filter.types, type],
      });
    if (types.length > TYPE_CHIPS)
      return html`<select
        aria-label="Type"
        @change=${(e: Event) => {
          const { value } = e.target as HTMLSelectElement;
          this.panel.setFilter({ types: value === '' ? [] : [value] });
        }}
      >
        <option value="" ?selected=${filter.types.length === 0}>All types</option>
        ${types.map(
          (t) => html`<option value=${t} ?selected=${filter.types.includes(t)}>${t} (${counts.get(t) ?? 0})</option>`,
        )}
      </select>`;
    return html`<span class="sep"></span
      ><span class="types" role="group" aria-label="Types">
        ${types.map(
          (t) =>
            html`<button class="chip" aria-pressed=${filter.types.includes(t)} @click=${() => toggle(t)}>
              ${t} <b>${format.count(counts.get(t) ?? 0)}</b>
            </button>`,
        )}
      </span>`;
  }

  private range() {
    const { range } = this.panel.state.view.filter;
    if (!range) return nothing;
    const [low, high] = range;
    return html`<button class="chip" aria-pressed="true" @click=${() => this.panel.setFilter({ range: null })}>
      ${format.score(low)} – ${format.score(high)} <musc-icon name="close"></musc-icon>
    </button>`;
  }

  private readonly onSort = (event: Event) => {
    const key = (event.target as HTMLSelectElement).value as SortKey;
    this.panel.setView({ sort: { key, reversed: false } });
  };
}
