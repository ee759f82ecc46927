import '@vscode-elements/elements/dist/vscode-button/index.js';
import { html, nothing } from 'lit';

/** What a button may have beside its text and what it does. */
export interface ButtonLook {
  /** The one that most people want; the others are secondary. */
  readonly primary?: boolean;
  readonly disabled?: boolean;
  /** Told of it under the pointer. */
  readonly title?: string;
  /** Its name, where the text alone does not say enough. */
  readonly name?: string;
  /** The slot of the element around it. */
  readonly slot?: string;
}

/** A button as the editor has them. `content`: its text, with an icon or a key where it has one. */
export const button = (
  content: unknown,
  press: () => void,
  { primary = false, disabled = false, title, name, slot }: ButtonLook = {},
) =>
  html`<vscode-button
    ?secondary=${!primary}
    ?disabled=${disabled}
    aria-disabled=${disabled ? 'true' : nothing}
    title=${title ?? nothing}
    aria-label=${name ?? nothing}
    slot=${slot ?? nothing}
    @keydown=${asNative}
    @click=${press}
    >${content}</vscode-button
  >`;

/** What the browser's own buttons do and these don't: Space does not scroll as well, and a held key presses once. */
const asNative = {
  capture: true, // before the element's own
  handleEvent(event: KeyboardEvent): void {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    if (event.repeat) event.stopImmediatePropagation();
  },
};
