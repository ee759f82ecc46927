import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement, query, queryAll } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { doubtOf, type Doubt } from '../model/doubt';
import * as format from '../model/format';
import { hasMacKeys, keyList, redoKey, undoKey } from '../model/key-list';
import { reviewOrderText } from '../model/review';
import { DEFECT, GOOD, UNSURE } from '../model/table';
import { PanelElement } from './base';
import { button } from './button';
import { checkbox } from './checkbox';
import { cssProperties } from './css-properties';
import './current-picture';
import type { MuscCurrentPicture } from './current-picture';
import './icon';
import './label-buttons';
import './small-picture';
import { controls, tokens } from './style';

/** More to check than this are found through the grid's filter. */
const LISTED = 30;
const WHY: Readonly<Record<Doubt, () => string>> = {
  truth: () => l10n.t('Reviewer and score disagree with the ground truth: likely a wrong ground truth.'),
  label: () => l10n.t('The label disagrees with ground truth and score: likely a slip.'),
  score: () => l10n.t('The score disagrees with what is known.'),
};
type Names = Readonly<Record<number, (() => string) | undefined>>;
const LABELS: Names = {
  [GOOD]: () => l10n.t('label good'),
  [DEFECT]: () => l10n.t('label defect'),
  [UNSURE]: () => l10n.t('label unsure'),
};
const TRUTHS: Names = { [GOOD]: () => l10n.t('truth good'), [DEFECT]: () => l10n.t('truth defect') };

/** An entry of the list that had the focus before a rendering. */
interface Focused {
  readonly entry: HTMLElement;
  /** In the list. */
  readonly place: number;
  /** Whether its image was the current one. */
  readonly isCurrent: boolean;
  /** Whether labels have changed since. */
  readonly decided: boolean;
}

/** Reviewing: progress, what to look at next, and labels that deserve a second look. */
@customElement('musc-review-pane')
export class MuscReviewPane extends PanelElement {
  @query('musc-current-picture') private picture!: MuscCurrentPicture | null;
  @query('vscode-button:not([secondary])') private next!: HTMLElement;
  @queryAll('li button') private entries!: NodeListOf<HTMLElement>;
  private focused: Focused | null = null;
  /** Those that were last shown. */
  private labels: Int8Array | null = null;

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
        padding: 10px 12px 20px;
      }
      h2 {
        margin: 16px 0 6px;
        font-size: 1em;
        font-weight: 600;
        color: var(--strong);
      }
      h2:first-child {
        margin-top: 0;
      }
      /* In sight while the list below is gone through: nobody decides on what he doesn't see. */
      .shown {
        position: sticky;
        z-index: 1;
        top: 0;
        margin: 8px -12px 0;
        padding: 6px 12px;
        background: var(--raised);
      }
      musc-current-picture {
        height: clamp(140px, 32vh, 360px);
      }
      .shown .facts {
        display: flex;
        gap: 10px;
        margin-top: 4px;
        font-size: 12px;
        line-height: 17px;
        color: var(--muted);
        font-variant-numeric: tabular-nums;
      }
      .shown .facts span {
        white-space: nowrap;
      }
      .track {
        display: flex;
        height: 6px;
        border-radius: 3px;
        overflow: hidden;
        background: color-mix(in srgb, var(--muted) 22%, transparent);
      }
      .track div {
        height: 100%;
      }
      .good {
        background: var(--good);
      }
      .defect {
        background: var(--defect);
      }
      .unsure {
        background: var(--unsure);
      }
      @media (forced-colors: active) {
        .track {
          forced-color-adjust: none;
          background: Canvas;
          outline: 1px solid CanvasText;
        }
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
        margin-top: 8px;
      }
      p {
        margin: 6px 0;
        font-size: 12px;
        line-height: 17px;
        color: var(--muted);
        font-variant-numeric: tabular-nums;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      /* Only those in sight are laid out: many come and go at each step of a drag of the threshold. */
      li {
        content-visibility: auto;
        contain-intrinsic-block-size: auto 50px;
      }
      li button {
        display: grid;
        grid-template-columns: 48px minmax(0, 1fr) auto;
        gap: 2px 10px;
        width: 100%;
        padding: 4px;
        text-align: left;
        white-space: normal;
        color: var(--fg);
        background: transparent;
        border-color: transparent;
      }
      li button:focus-visible {
        outline-offset: -1px; /* a list item lets nothing show beyond it */
      }
      li button:hover {
        background: var(--hover);
      }
      li button[aria-current='true'] {
        background: var(--vscode-list-inactiveSelectionBackground, var(--hover));
        border-color: var(--focus);
      }
      musc-small-picture {
        grid-row: 1 / span 2;
        width: 48px;
        height: 40px;
      }
      .path {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--strong);
      }
      .why {
        grid-column: 2 / -1;
        font-size: 11px;
        color: var(--muted);
      }
      .number {
        font-variant-numeric: tabular-nums;
        color: var(--muted);
      }
      .keys {
        display: grid;
        grid-template-columns: max-content 1fr;
        gap: 3px 12px;
        justify-items: start;
        font-size: 12px;
        color: var(--muted);
      }
    `,
  ];

  protected override willUpdate(): void {
    super.willUpdate();
    const entries = this.hasUpdated ? [...this.entries] : [];
    const place = entries.findIndex((entry) => entry === this.shadowRoot?.activeElement);
    const decided = this.labels !== this.panel.state.labels;
    this.labels = this.panel.state.labels;
    this.focused = place < 0 ? null : { entry: entries[place], place, isCurrent: isCurrent(entries[place]), decided };
  }

  /** The focus stays with the picture, and with the list where an entry leaves it. */
  protected override updated(): void {
    if (this.focused) this.passFocus(this.focused, [...this.entries]);
  }

  private passFocus({ entry, place, isCurrent: was, decided }: Focused, entries: readonly HTMLElement[]): void {
    const current = was ? entries.find(isCurrent) : undefined;
    if (current && current !== entry) return current.focus();
    const goesOn = was && Number(entry.dataset.image) !== this.panel.state.current;
    if (goesOn && decided) return this.next.focus(); // past the last of the list
    if (entry.isConnected && this.shadowRoot?.activeElement === entry) return; // else it has moved in the list
    (entry.isConnected ? entry : (entries[Math.min(place, entries.length - 1)] ?? this.next)).focus();
  }

  override render() {
    const { reviewed, good, defect, unsure, total } = this.panel.derived.progress;
    const mac = hasMacKeys(navigator.platform);
    const share = (n: number) => cssProperties({ width: `${(100 * n) / Math.max(1, total)}%` });
    return html`
      <h2>${l10n.t('Reviewed {0} of {1}', format.count(reviewed), format.count(total))}</h2>
      <div
        class="track"
        role="progressbar"
        aria-label=${l10n.t('Reviewed')}
        aria-valuemin="0"
        aria-valuemax=${total}
        aria-valuenow=${reviewed}
      >
        <div class="good" ${share(good)}></div>
        <div class="defect" ${share(defect)}></div>
        <div class="unsure" ${share(unsure)}></div>
      </div>
      <p>${this.counts()}</p>
      <div class="shown">${this.current()}</div>
      <div class="row">
        ${button(html`${l10n.t('Next to review')} <kbd>N</kbd>`, () => this.panel.reviewNext(), { primary: true, title: reviewOrderText() })}
        <musc-label-buttons .panel=${this.panel}></musc-label-buttons>
        <button
          class="quiet"
          aria-label=${l10n.t('Undo')}
          title=${l10n.t('Undo ({0})', undoKey(mac))}
          @click=${() => this.panel.command('undo')}
        >
          <musc-icon name="undo"></musc-icon>
        </button>
        <button
          class="quiet"
          aria-label=${l10n.t('Redo')}
          title=${l10n.t('Redo ({0})', redoKey(mac))}
          @click=${() => this.panel.command('redo')}
        >
          <musc-icon name="redo"></musc-icon>
        </button>
      </div>
      <div class="row">
        ${checkbox(l10n.t('Go on to the next image after a decision'), this.panel.state.view.advance, (advance) => this.panel.setView({ advance }))}
      </div>
      <p>${reviewOrderText()}</p>
      ${this.toCheck()}
      <h2>${l10n.t('Use the labels')}</h2>
      <div class="row">
        ${button(l10n.t('Import labels…'), () => this.panel.command('importLabels'), { disabled: !this.panel.derived.snapshot.editable })}
        ${button(l10n.t('Export labels…'), () => this.panel.command('exportLabels'))}
        ${button(l10n.t('Export a cleaned split…'), () => this.panel.command('exportSplit'))}
      </div>
      <h2>${l10n.t('Keys')}</h2>
      ${keys(mac)}
    `;
  }

  /** What the label keys decide on. */
  private current() {
    const { current } = this.panel.state;
    if (current === null) return html`<p>${l10n.t('No image is selected.')}</p>`;
    const { table } = this.panel.derived;
    return html`<musc-current-picture .panel=${this.panel}></musc-current-picture>
      <div class="facts">
        <b class="path" title=${table.path[current]}>${format.shortPath(table.path[current])}</b>
        <span>${[l10n.t('score {0}', format.score(table.score[current])), ...this.known(current)].join(' · ')}</span>
      </div>`;
  }

  /** Label and truth of an image, as far as there are any. */
  private known(image: number): string[] {
    const names = [LABELS[this.panel.state.labels[image]], TRUTHS[this.panel.derived.table.truth[image]]];
    return names.flatMap((name) => (name ? [name()] : []));
  }

  /** Zoom and blink keys reach the picture from anywhere in the panel. */
  handleKey(event: KeyboardEvent): boolean {
    return this.picture?.handleKey(event) ?? false;
  }

  private counts(): string {
    const { progress, snapshot } = this.panel.derived;
    const { good, defect, unsure, conflicts } = progress;
    return [
      l10n.t('{0} good · {1} defect · {2} unsure', ...[good, defect, unsure].map(format.count)),
      conflicts > 0 ? l10n.t('{0} against the ground truth', conflicts) : '',
      snapshot.editable ? '' : l10n.t('labels cannot be edited here'),
    ]
      .filter(Boolean)
      .join(' · ');
  }

  private toCheck() {
    const { toCheck } = this.panel.derived;
    return html`<h2>${l10n.t('Labels to check: {0}', format.count(toCheck.length))}</h2>
      ${
        toCheck.length === 0
          ? html`<p>${l10n.t('Labels, ground truth and scores agree wherever they are known.')}</p>`
          : html`<ul>
              ${repeat(
                toCheck.subarray(0, LISTED),
                (image) => image,
                (image) => this.entry(image),
              )}
            </ul>`
      }
      ${
        toCheck.length > LISTED
          ? button(l10n.t('Show all {0} in the grid', format.count(toCheck.length)), () =>
              this.panel.showOnly({ show: 'toCheck' }),
            )
          : nothing
      }`;
  }

  private entry(image: number) {
    const { facts, table } = this.panel.derived;
    const doubt = doubtOf(image, facts);
    return html`<li>
      <button
        data-image=${image}
        aria-current=${image === this.panel.state.current}
        @click=${() => this.panel.check(image)}
        @dblclick=${() => this.panel.setView({ pane: 'image' })}
      >
        <musc-small-picture .panel=${this.panel} .image=${image}></musc-small-picture>
        <span class="path">${format.shortPath(table.path[image])}</span>
        <span class="number">${format.score(table.score[image])}</span>
        <span class="why">${this.known(image).join(', ')}. ${doubt && WHY[doubt]()}</span>
      </button>
    </li>`;
  }
}

const isCurrent = (entry: HTMLElement): boolean => entry.ariaCurrent === 'true';

const keys = (mac: boolean) =>
  html`<div class="keys">${keyList(mac).map(([key, what]) => html`<kbd>${key}</kbd><span>${what}</span>`)}</div>`;
