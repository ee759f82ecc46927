import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { VscodeTextfield } from '@vscode-elements/elements/dist/vscode-textfield/index.js';
import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Filter, Show } from '../model/filter';
import * as format from '../model/format';
import { SORT_KEYS, type SortKey } from '../model/order';
import { PanelElement } from './base';
import './icon';
import { compact, controls, tokens } from './style';

const CHIP_NAMES = {
  all: () => l10n.t('All'),
  flagged: () => l10n.t('Above threshold'),
  unlabelled: () => l10n.t('To review'),
  toCheck: () => l10n.t('Labels to check'),
};
/** Asked for less often: in a menu. */
const MENU_NAMES = {
  good: () => l10n.t('labelled good'),
  defect: () => l10n.t('labelled defect'),
  unsure: () => l10n.t('unsure'),
  truthGood: () => l10n.t('truth good'),
  truthDefect: () => l10n.t('truth defect'),
  missing: () => l10n.t('missing'),
  changed: () => l10n.t('replaced or edited'),
  clear: () => l10n.t('below threshold'),
  hit: () => l10n.t('hit'),
  missed: () => l10n.t('missed'),
  falseAlarm: () => l10n.t('false alarm'),
  passed: () => l10n.t('passed'),
} satisfies Partial<Record<Show, () => string>>;
const CHIP_KEYS = ['all', 'flagged', 'unlabelled', 'toCheck'] as const;
const MENU_KEYS = Object.keys(MENU_NAMES) as (keyof typeof MENU_NAMES)[];
const SORT_NAMES: Readonly<Record<SortKey, () => string>> = {
  score: () => l10n.t('score'),
  rawScore: () => l10n.t('raw score'),
  name: () => l10n.t('name'),
  type: () => l10n.t('type'),
  disagreement: () => l10n.t('disagreement'),
  review: () => l10n.t('next to review'),
};
const SIZE_NAMES = {
  S: () => l10n.t('Small pictures'),
  M: () => l10n.t('Medium pictures'),
  L: () => l10n.t('Large pictures'),
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
      vscode-textfield {
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
        box-shadow: inset 0 0 0 2px var(--vscode-contrastActiveBorder, transparent);
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
      .bounds {
        display: inline-flex;
        align-items: center;
        gap: 3px;
      }
      select.on {
        border-color: var(--vscode-inputOption-activeBorder, var(--focus));
      }
      select {
        max-width: 150px;
      }
      @container ${compact} {
        /* In rows, of which a low window shows some; a wheel reaches the others. */
        :host {
          max-height: 32cqh;
          overflow-y: auto;
          scrollbar-width: thin;
        }
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
      <vscode-textfield
        type="search"
        placeholder=${l10n.t('Filter by name…')}
        .label=${l10n.t('Filter by name')}
        .value=${filter.text}
        @input=${(e: Event) => this.panel.setFilter({ text: (e.target as VscodeTextfield).value })}
      ></vscode-textfield>
      ${CHIP_KEYS.map((c) => this.chip(c, CHIP_NAMES[c](), counts[c]))} ${this.types()} ${this.menu(counts)}
      ${this.range()}
      <span class="order">
        <label for="sort">${l10n.t('Sort')}</label>
        <select id="sort" @change=${this.onSort}>
          ${SORT_KEYS.map(
            (k) => html`<option value=${k} .selected=${live(k === sort.key)}>${SORT_NAMES[k]()}</option>`,
          )}
        </select>
        <button
          class="quiet"
          aria-label=${l10n.t('Reverse the order')}
          aria-pressed=${sort.reversed}
          title=${l10n.t('Reverse the order')}
          @click=${() => this.panel.setView({ sort: { ...sort, reversed: !sort.reversed } })}
        >
          <musc-icon name=${sort.reversed ? 'sortUp' : 'sortDown'}></musc-icon>
        </button>
        ${(['S', 'M', 'L'] as const).map(
          (size) =>
            html`<button
              class="quiet"
              aria-label=${SIZE_NAMES[size]()}
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
        aria-label=${l10n.t('Type')}
        @change=${(e: Event) => {
          const { value } = e.target as HTMLSelectElement;
          this.panel.setFilter({ types: value === '' ? [] : [value] });
        }}
      >
        <option value="" .selected=${live(filter.types.length === 0)}>${l10n.t('All types')}</option>
        ${types.map(
          (t) =>
            html`<option value=${t} .selected=${live(filter.types.includes(t))}>${t} (${counts.get(t) ?? 0})</option>`,
        )}
      </select>`;
    return html`<span class="sep"></span
      ><span class="types" role="group" aria-label=${l10n.t('Types')}>
        ${types.map(
          (t) =>
            html`<button class="chip" aria-pressed=${filter.types.includes(t)} @click=${() => toggle(t)}>
              ${t} <b>${format.count(counts.get(t) ?? 0)}</b>
            </button>`,
        )}
      </span>`;
  }

  private menu(counts: Readonly<Record<Show, number>>) {
    const { show } = this.panel.state.view.filter;
    const offered = MENU_KEYS.filter((k) => k === show || counts[k] > 0);
    return html`<select
      aria-label=${l10n.t('More filters')}
      class=${show in MENU_NAMES ? 'on' : ''}
      @change=${(e: Event) => this.panel.setFilter({ show: (e.target as HTMLSelectElement).value as Show })}
    >
      <option value="all" .selected=${live(!(show in MENU_NAMES))}>${l10n.t('More …')}</option>
      ${offered.map((k) => {
        const name = MENU_NAMES[k]();
        return html`<option value=${k} .selected=${live(k === show)}>${name} (${format.count(counts[k])})</option>`;
      })}
    </select>`;
  }

  /** Bounds of the score: two fields once asked for. */
  private range() {
    const { range } = this.panel.state.view.filter;
    const { min, max } = this.panel.derived.histogram;
    if (!range)
      return html`<button class="chip bound" @click=${() => this.setRange([min, max])}>
        ${l10n.t('Score range…')}
      </button>`;
    const set = (side: 0 | 1) => (e: Event) => {
      const field = e.target as HTMLInputElement;
      const value = field.valueAsNumber;
      if (Number.isFinite(value)) this.panel.setFilter({ range: side === 0 ? [value, range[1]] : [range[0], value] });
      else field.value = format.score(range[side]);
    };
    const field = (side: 0 | 1, name: string) =>
      html`<input
        class="range bound"
        type="number"
        step="0.01"
        aria-label=${name}
        .value=${format.score(range[side])}
        @change=${set(side)}
      />`;
    return html`<span class="bounds" role="group" aria-label=${l10n.t('Score range')}
      >${field(0, l10n.t('Lowest score'))}–${field(1, l10n.t('Highest score'))}<button
        class="quiet"
        aria-label=${l10n.t('Any score')}
        @click=${() => this.setRange(null)}
      >
        <musc-icon name="close"></musc-icon></button
    ></span>`;
  }

  /** Asks for bounds of the score, or for none. The button that does goes: what takes its place takes the focus. */
  private async setRange(range: Filter['range']): Promise<void> {
    this.panel.setFilter({ range });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.bound')?.focus();
  }

  private readonly onSort = (event: Event) => {
    const key = (event.target as HTMLSelectElement).value as SortKey;
    this.panel.setView({ sort: { key, reversed: false } });
  };
}
