import * as l10n from '@vscode/l10n';
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { crossed, type Flags, type FlagsOf, type Pair, type Pairing } from '../model/compare';
import * as format from '../model/format';
import { memo } from '../state/store';
import { PanelElement } from './base';
import { button } from './button';
import { compareStyle } from './compare-tables';
import { controls, tokens } from './style';
import { tableStyle } from './table-style';

/** Rows at first, and more of them at a time: the first ones tell most. */
const LISTED = 100;

/** The images of two runs: which crossed the threshold, which moved most in the ranking. */
@customElement('musc-compare-images')
export class MuscCompareImages extends PanelElement {
  @property({ attribute: false }) pairing!: Pairing;
  @property({ attribute: false }) flags!: FlagsOf;
  /** How the two thresholds were found. */
  @property({ attribute: false }) how = '';
  @state() private only: 'crossed' | 'moved' = 'crossed';
  @state() private listed = LISTED;
  private readonly crossed = memo(crossed);

  static override styles = [
    tokens,
    controls,
    tableStyle,
    compareStyle,
    css`
      /* Rows are laid out one by one, and only those in sight: nearly all change at each step of a drag of the threshold. */
      table,
      thead,
      tbody {
        display: block;
      }
      tr {
        display: grid;
        grid-template-columns: minmax(0, 1.7fr) repeat(4, minmax(0, 1fr));
        content-visibility: auto;
        contain-intrinsic-block-size: auto 27px;
      }
      th,
      td {
        padding-inline: 4px;
      }
      td button.quiet {
        padding-inline: 0;
        min-height: 20px;
        color: var(--vscode-textLink-foreground, var(--strong));
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      td button.quiet:focus-visible {
        outline-offset: -1px; /* a row lets nothing show beyond it */
      }
    `,
  ];

  protected override willUpdate(changed?: PropertyValues<this>): void {
    super.willUpdate();
    if (changed?.has('pairing')) this.listed = LISTED;
  }

  /** The thresholds come as `flags`. */
  protected override uses(): readonly unknown[] {
    return [this.panel.state.phase];
  }

  override render() {
    const { pairs, correlation, onlyHere, onlyThere } = this.pairing;
    const crossed = this.crossed(this.pairing, this.flags);
    const rows = this.only === 'moved' ? pairs : crossed;
    const shared = [
      l10n.t('{0} in both runs', format.count(pairs.length)),
      ...(onlyHere > 0 ? [l10n.t('{0} only here', onlyHere)] : []),
      ...(onlyThere > 0 ? [l10n.t('{0} only there', onlyThere)] : []),
    ];
    const correlated = correlation === null ? '' : ` · ${l10n.t('rank correlation {0}', correlation.toFixed(3))}`;
    const option = (which: 'crossed' | 'moved', text: string) =>
      html`<button class="quiet" aria-pressed=${this.only === which} @click=${() => this.list(which)}>${text}</button>`;
    return html`
      <p>${shared.join(', ')}${correlated}. ${this.how}</p>
      <div class="row" role="group" aria-label=${l10n.t('Images listed')}>
        ${option('crossed', `${l10n.t('Crossed the threshold')} ${format.count(crossed.length)}`)}
        ${option('moved', l10n.t('Largest rank changes'))}
      </div>
      ${
        rows.length === 0
          ? html`<p>
              ${pairs.length === 0 ? l10n.t('No image is in both runs.') : l10n.t('No image crossed the threshold.')}
            </p>`
          : html`<p>
                ${l10n.t('Change: places nearer to the top here than there (+) or further from it (−), among the images in both runs.')}
              </p>
              <div class="scroll">
                <table role="table">
                  <thead role="rowgroup">
                    <tr role="row">
                      <th role="columnheader">${l10n.t('Image')}</th>
                      <th role="columnheader">${l10n.t('Rank here')}</th>
                      <th role="columnheader">${l10n.t('There')}</th>
                      <th role="columnheader">${l10n.t('Change')}</th>
                      <th role="columnheader">${l10n.t('Flagged')}</th>
                    </tr>
                  </thead>
                  <tbody role="rowgroup">
                    ${rows.slice(0, this.listed).map((p) => this.imageRow(p))}
                  </tbody>
                </table>
              </div>`
      }
      ${rows.length > this.listed ? this.rest(rows.length) : nothing}
    `;
  }

  private list(which: 'crossed' | 'moved'): void {
    this.only = which;
    this.listed = LISTED;
  }

  /** That there are more, and the way to them. */
  private rest(all: number) {
    const { listed } = this;
    const more = Math.min(LISTED, all - listed);
    return html`<div class="row">
      <p>${l10n.t('{0} of {1} images', format.count(listed), format.count(all))}</p>
      ${button(l10n.t('Show {0} more', format.count(more)), () => (this.listed += LISTED))}
    </div>`;
  }

  private imageRow(pair: Pair) {
    const { table } = this.panel.derived;
    return html`<tr role="row">
      <td role="cell">
        <button class="quiet" title=${table.path[pair.image]} @click=${() => this.panel.select(pair.image)}>
          ${format.shortPath(table.path[pair.image])}
        </button>
      </td>
      <td role="cell">${pair.rank + 1}</td>
      <td role="cell">${pair.otherRank + 1}</td>
      <td role="cell">${changeText(pair.moved)}</td>
      <td role="cell">${flagsText(this.flags(pair))}</td>
    </tr>`;
  }
}

/** Places won, or lost. */
const changeText = (moved: number): string =>
  moved === 0 ? '0' : `${moved > 0 ? '+' : '−'}${format.count(Math.abs(moved))}`;

/** In which runs a picture is flagged. */
function flagsText({ here, there }: Flags): string {
  if (here === there) return here ? l10n.t('in both') : l10n.t('in neither');
  return here ? l10n.t('only here') : l10n.t('only there');
}
