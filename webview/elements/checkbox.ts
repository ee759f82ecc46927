import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import type { VscodeCheckbox } from '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import { html, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';

/** A checkbox as the editor has them, with its text. `title`: what is told of it under the pointer. */
export const checkbox = (text: string, on: boolean, set: (on: boolean) => void, title?: string) => html`
  <vscode-checkbox
    label=${text}
    title=${title ?? nothing}
    .checked=${on}
    @click=${(event: Event) => {
      // A screen reader presses the input inside, which the library does not hear of.
      if (event.composedPath()[0] instanceof HTMLInputElement) set(!on);
    }}
    @change=${(event: Event) => set((event.target as VscodeCheckbox).checked)}
    ${ref((element) => void tell(element as VscodeCheckbox | undefined, on))}
  ></vscode-checkbox>
`;

/** Once pressed, the input inside no longer follows the attribute that the library sets, and a screen reader would hear the old state. */
async function tell(element: VscodeCheckbox | undefined, on: boolean): Promise<void> {
  await element?.updateComplete;
  const input = element?.shadowRoot?.querySelector('input');
  if (input) input.checked = on;
}
