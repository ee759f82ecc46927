import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import * as format from '../model/format';
import { PanelElement } from './base';
import './icon';
import { controls, tokens } from './style';

/** Pictures that are not where they were: how many, and how to find them again. */
@customElement('musc-missing-bar')
export class MuscMissingBar extends PanelElement {
  static override styles = [
    tokens,
    controls,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        padding: 5px 12px;
        font-size: 12px;
        border-top: 1px solid var(--line);
      }
      musc-icon {
        color: var(--warn);
      }
      span {
        flex: 1 1 160px;
      }
    `,
  ];

  protected override uses(): readonly unknown[] {
    const { phase, missing } = this.panel.state;
    return [phase, missing];
  }

  override render() {
    const { size } = this.panel.state.missing;
    if (size === 0) return nothing;
    const all = size === this.panel.derived.table.size;
    return html`<div>
      <musc-icon name="warning"></musc-icon>
      <span>${missingText(size, all)}</span>
      ${all ? nothing : html`<button @click=${() => this.panel.toggleShow('missing')}>${l10n.t('Show them')}</button>`}
      <button @click=${() => this.panel.command('relink')}>${l10n.t('Find the folder…')}</button>
    </div>`;
  }
}

function missingText(missing: number, all: boolean): string {
  if (all) return l10n.t('None of the pictures is where it was when this run was made. Scores and heatmaps are kept.');
  if (missing === 1)
    return l10n.t('One picture is not where it was when this run was made. Scores and heatmaps are kept.');
  return l10n.t(
    '{0} pictures are not where they were when this run was made. Scores and heatmaps are kept.',
    format.count(missing),
  );
}
