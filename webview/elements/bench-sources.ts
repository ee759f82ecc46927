import * as l10n from '@vscode/l10n';
import { css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { DATASET_PAGES } from '../../extension/protocol/dataset-pages';
import { BenchElement } from './bench-base';
import { controls, tokens } from './style';

/** Where the published data sets come from: links to their authors, followed on a click only. */
@customElement('musc-bench-sources')
export class MuscBenchSources extends BenchElement {
  @property({ type: Boolean }) open = false;

  static override styles = [
    tokens,
    controls,
    css`
      summary {
        width: fit-content;
        padding: 2px 4px 2px 0;
        color: var(--muted);
        cursor: pointer;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 4px 16px;
        margin: 8px 0;
      }
      dd {
        margin: 0;
        color: var(--muted);
      }
      a {
        color: var(--vscode-textLink-foreground, var(--strong));
      }
      p {
        margin: 6px 0 0;
        color: var(--muted);
      }
    `,
  ];

  override render() {
    return html`<details ?open=${this.open}>
      <summary>${l10n.t('Where to get data sets')}</summary>
      <dl>
        ${DATASET_PAGES.map(
          ({ name, page, licence, about }) =>
            html`<dt><a href=${page} target="_blank" rel="noreferrer">${name}</a></dt>
              <dd>${licence}. ${about}.</dd>`,
        )}
      </dl>
      <p>${l10n.t("The links lead to the authors' pages. Nothing is downloaded from there by this extension.")}</p>
    </details>`;
  }
}
