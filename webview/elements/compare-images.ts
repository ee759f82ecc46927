import * as l10n from '@vscode/l10n';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Comparison, Pair } from '../model/compare';
import * as format from '../model/format';
import { PanelElement } from './base';
import { compareStyle } from './compare-tables';
import { controls, tokens } from './style';
import { tableStyle } from './table-style';

/** More rows than this help nobody. */
const LISTED = 200;

/** The images of two runs: which crossed the threshold, which moved most in the ranking. */
@customElement('musc-compare-images')
export class MuscCompareImages extends PanelElement {
  @property({ attribute: false }) comparison!: Comparison;
  /** How the two thresholds were found. */
  @property({ attribute: false }) how = '';
  @state() private only: 'crossed' | 'moved' = 'crossed';

  static override styles = [
    tokens,
    controls,
    tableStyle,
    compareStyle,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 8px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      td button.quiet {
        padding-inline: 0;
        min-height: 20px;
        color: var(--vscode-textLink-foreground, var(--strong));
        max-width: 240px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
    `,
  ];

  override render() {
    const { pairs, crossed, correlation, onlyHere, onlyThere } = this.comparison;
    const shared = [
      l10n.t('{0} in both runs', format.count(pairs.length)),
      ...(onlyHere > 0 ? [l10n.t('{0} only here', onlyHere)] : []),
      ...(onlyThere > 0 ? [l10n.t('{0} only there', onlyThere)] : []),
    ];
    const correlated = correlation === null ? '' : ` · ${l10n.t('rank correlation {0}', correlation.toFixed(3))}`;
    const rows = [...pairs]
      .filter((p) => this.only === 'moved' || p.flagged !== p.otherFlagged)
      .sort((a, b) => Math.abs(b.moved) - Math.abs(a.moved));
    const option = (which: 'crossed' | 'moved', text: string) =>
      html`<button class="quiet" aria-pressed=${this.only === which} @click=${() => (this.only = which)}>
        ${text}
      </button>`;
    return html`
      <p>${shared.join(', ')}${correlated}. ${this.how}</p>
      <div class="row" role="group" aria-label=${l10n.t('Images listed')}>
        ${option('crossed', `${l10n.t('Crossed the threshold')} ${format.count(crossed)}`)}
        ${option('moved', l10n.t('Largest rank changes'))}
      </div>
      ${
        rows.length === 0
          ? html`<p>${l10n.t('No image crossed the threshold.')}</p>`
          : html`<div class="scroll">
              <table>
                <thead>
                  <tr>
                    <th scope="col">${l10n.t('Image')}</th>
                    <th scope="col">${l10n.t('Rank here')}</th>
                    <th scope="col">${l10n.t('There')}</th>
                    <th scope="col">${l10n.t('Flagged')}</th>
                  </tr>
                </thead>
                <tbody>
                  ${rows.slice(0, LISTED).map((p) => this.imageRow(p))}
                </tbody>
              </table>
            </div>`
      }
    `;
  }

  private imageRow(pair: Pair) {
    const { table } = this.panel.derived;
    return html`<tr>
      <td>
        <button class="quiet" title=${table.path[pair.image]} @click=${() => this.panel.select(pair.image)}>
          ${format.shortPath(table.path[pair.image])}
        </button>
      </td>
      <td>${pair.rank + 1}</td>
      <td>${pair.otherRank + 1}</td>
      <td>${flags(pair)}</td>
    </tr>`;
  }
}

/** In which runs a picture is flagged. */
function flags({ flagged, otherFlagged }: Pair): string {
  if (flagged === otherFlagged) return flagged ? l10n.t('in both') : l10n.t('in neither');
  return flagged ? l10n.t('only here') : l10n.t('only there');
}
