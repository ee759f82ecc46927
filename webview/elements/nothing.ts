import * as l10n from '@vscode/l10n';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as format from '../model/format';
import { PanelElement } from './base';
import { button } from './button';
import { controls, tokens } from './style';

/** A run without a single image: why every picture was left out. */
@customElement('musc-nothing')
export class MuscNothing extends PanelElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: block;
        flex: 1;
        min-height: 0;
        overflow: auto;
        padding: 24px 12px;
        border-top: 1px solid var(--line);
      }
      h2 {
        margin: 0 0 4px;
        font-size: 1.15em;
        font-weight: 600;
        color: var(--strong);
      }
      p {
        margin: 0 0 12px;
        color: var(--muted);
      }
      dl {
        display: grid;
        grid-template-columns: minmax(80px, max-content) 1fr;
        gap: 3px 14px;
        margin: 14px 0;
        font-size: 12px;
      }
      dt {
        overflow-wrap: anywhere;
      }
      dd {
        margin: 0;
        color: var(--muted);
      }
    `,
  ];

  override render() {
    const { skipped } = this.panel.derived.snapshot.run;
    return html`
      <h2>${l10n.t('No picture in this folder could be scored')}</h2>
      <p>
        ${
          skipped.length === 0
            ? l10n.t('The run holds no pictures.')
            : l10n.t('{0} skipped, for these reasons:', format.count(skipped.length))
        }
      </p>
      ${button(l10n.t('Score again'), () => this.panel.command('scoreAgain'), { primary: true })}
      <dl>
        ${skipped.slice(0, 200).map(
          (s) =>
            html`<dt>${s.path}</dt>
              <dd>${s.reason}</dd>`,
        )}
      </dl>
    `;
  }
}
