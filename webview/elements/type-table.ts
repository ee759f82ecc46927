import * as l10n from '@vscode/l10n';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { countFrom } from '../../extension/protocol/map-threshold';
import type { Figure } from '../model/curve';
import * as format from '../model/format';
import { type TypeRow, typeRows } from '../model/per-type';
import { memo } from '../state/store';
import { PanelElement } from './base';
import { controls, tokens } from './style';
import { tableStyle } from './table-style';

/** How each type fares; a row filters the grid. */
@customElement('musc-type-table')
export class MuscTypeTable extends PanelElement {
  private readonly rows = memo(typeRows);

  static override styles = [
    tokens,
    controls,
    tableStyle,
    css`
      :host {
        display: block;
        overflow-x: auto;
      }
      th,
      td {
        white-space: nowrap;
      }
      p {
        margin: 4px 0 0;
        font-size: 11px;
        color: var(--muted);
      }
      button.quiet {
        padding-inline: 0;
        min-height: 20px;
        color: var(--vscode-textLink-foreground, var(--strong));
      }
    `,
  ];

  override render() {
    const { table, classes, against, threshold } = this.panel.derived;
    const rows = this.rows(table, classes, against);
    const measured = l10n.t("This type's defects against all good images");
    return html`<table>
        <thead>
          <tr>
            <th scope="col">${l10n.t('Type')}</th>
            <th scope="col">${l10n.t('Images')}</th>
            <th scope="col">${l10n.t('Above threshold')}</th>
            <th scope="col">${l10n.t('Mean score')}</th>
            <th scope="col" title=${measured}>AUROC</th>
            <th scope="col" title=${measured}>AP</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((r) => {
            const flagged = countFrom(r.scores, threshold.value);
            return html`<tr>
              <th scope="row">
                <button
                  class="quiet"
                  title=${l10n.t('Show only this type')}
                  @click=${() => this.panel.showOnly({ types: [r.type] })}
                >
                  ${r.type}
                </button>
              </th>
              <td>${format.count(r.scores.length)}</td>
              <td>${format.count(flagged)} (${Math.round((100 * flagged) / Math.max(1, r.scores.length))} %)</td>
              <td>${format.score(r.meanScore)}</td>
              ${cell(r.auroc)} ${cell(r.ap)}
            </tr>`;
          })}
        </tbody>
      </table>
      ${reasons(rows).map(([reason, types]) => html`<p>${l10n.t('No figure for {0}: {1}.', types.join(', '), reason)}</p>`)}`;
  }
}

/** Why figures are missing, and of which types. */
function reasons(rows: readonly TypeRow[]): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, string[]>();
  for (const { type, auroc } of rows)
    if ('absent' in auroc) found.set(auroc.absent, [...(found.get(auroc.absent) ?? []), type]);
  return [...found];
}

const cell = (figure: Figure) => html`<td>${format.figure(figure)}</td>`;
