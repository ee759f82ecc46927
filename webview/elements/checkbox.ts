import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import type { VscodeCheckbox } from '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import { html, nothing } from 'lit';

/** A checkbox as the editor has them, with its text. `title`: what is told of it under the pointer. */
export const checkbox = (text: string, on: boolean, set: (on: boolean) => void, title?: string) => html`
  <vscode-checkbox
    label=${text}
    title=${title ?? nothing}
    .checked=${on}
    @click=${(event: Event) => {
      // A screen reader presses the input inside, which the library does not hear of.
      if (!(event.composedPath()[0] instanceof HTMLInputElement)) return;
      event.preventDefault();
      set(!on);
    }}
    @change=${(event: Event) => set((event.target as VscodeCheckbox).checked)}
  ></vscode-checkbox>
`;
