import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Label } from '../../extension/protocol/run-file';
import * as format from '../model/format';
import { DEFECT, GOOD, UNSURE } from '../model/table';
import { PanelElement } from './base';
import { controls, tokens } from './style';

const BUTTONS: readonly { label: Label; value: number; text: () => string; key: string }[] = [
  { label: 'good', value: GOOD, text: () => l10n.t('Good'), key: '1' },
  { label: 'defect', value: DEFECT, text: () => l10n.t('Defect'), key: '2' },
  { label: 'unsure', value: UNSURE, text: () => l10n.t('Unsure'), key: '3' },
];

/** The three decisions, for all selected images. */
@customElement('musc-label-buttons')
export class MuscLabelButtons extends PanelElement {
  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      button {
        background: transparent;
        color: var(--fg);
        border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--muted) 40%, transparent));
        min-height: 26px;
      }
      .good {
        --mark: var(--good);
        --text: var(--good-text);
      }
      .defect {
        --mark: var(--defect);
        --text: var(--defect-text);
      }
      .unsure {
        --mark: var(--unsure);
        --text: var(--warn);
      }
      button[aria-pressed='true'] {
        color: var(--text);
        border-color: var(--mark);
        background: color-mix(in srgb, var(--mark) 12%, transparent);
        /* As bold, but no wider: the buttons stay where they are. */
        -webkit-text-stroke: 0.4px;
      }
      /* A button's own background under the pointer is too dark for coloured text. */
      button[aria-pressed='true']:hover:not(:disabled) {
        color: color-mix(in srgb, var(--text) 80%, var(--strong));
        background: color-mix(in srgb, var(--mark) 20%, transparent);
      }
    `,
  ];

  protected override uses(): readonly unknown[] {
    const { phase, selection, labels } = this.panel.state;
    return [phase, selection, labels];
  }

  override render() {
    const { selection, labels } = this.panel.state;
    const { editable } = this.panel.derived.snapshot;
    const images = [...selection];
    const selected = l10n.t('{0} selected:', format.count(images.length));
    const buttons = BUTTONS.map(({ label, value, text, key }) => {
      const pressed = images.length > 0 && images.every((i) => labels[i] === value);
      const title = editable
        ? l10n.t('{0} ({1}); click again or press 0 to clear', text(), key)
        : l10n.t('Labels cannot be edited here');
      return html`<button
        class=${label}
        aria-pressed=${pressed}
        aria-keyshortcuts=${key}
        ?disabled=${!editable || images.length === 0}
        title=${title}
        @click=${() => this.panel.label(pressed ? null : label)}
      >
        ${text()} <kbd>${key}</kbd>
      </button>`;
    });
    return html`${images.length > 1 ? html`<span>${selected}</span>` : nothing}${buttons}`;
  }
}
