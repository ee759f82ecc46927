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

  override render() {
    const { size } = this.panel.state.missing;
    if (size === 0) return nothing;
    const all = size === this.panel.derived.table.size;
    return html`<div>
      <musc-icon name="warning"></musc-icon>
      <span
        >${all ? 'None of the pictures is' : size === 1 ? 'One picture is not' : `${format.count(size)} pictures are not`}
        ${size === 1 || all ? 'where it was' : 'where they were'} when this run was made. Scores and heatmaps are
        kept.</span
      >
      ${all ? nothing : html`<button @click=${() => this.panel.toggleShow('missing')}>Show them</button>`}
      <button @click=${() => this.panel.command('relink')}>Find the folder…</button>
    </div>`;
  }
}
