import codicons from '@vscode/codicons/dist/codicon.ttf';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** Code points of the codicons in use. */
const ICONS = {
  refresh: 0xeb37,
  diff: 0xeae1,
  export: 0xebac,
  search: 0xea6d,
  eye: 0xea70,
  close: 0xea76,
  chevronLeft: 0xeab5,
  chevronRight: 0xeab6,
  check: 0xeab2,
  warning: 0xea6c,
  error: 0xea87,
  info: 0xea74,
  loading: 0xeb19,
  stop: 0xeba5,
  zoomIn: 0xeb81,
  zoomOut: 0xeb82,
  fit: 0xeb4c,
  undo: 0xeae2,
  redo: 0xebb0,
  sortUp: 0xeaa1,
  sortDown: 0xea9a,
  target: 0xebf8,
  question: 0xeb32,
  output: 0xeb9d,
  file: 0xea94,
  folder: 0xeaf7,
  lightbulb: 0xea61,
  next: 0xea9c,
  gear: 0xeaf8,
  history: 0xea82,
} as const;
export type IconName = keyof typeof ICONS;

/** Loads the icon font; fonts inside shadow roots are ignored, so it belongs to the document. */
export async function loadIcons(): Promise<void> {
  const font = new FontFace('codicon', `url("${new URL(codicons, import.meta.url).href}") format("truetype")`);
  document.fonts.add(await font.load());
}

/** A codicon. Decorative: the control it is in has the name. */
@customElement('musc-icon')
export class MuscIcon extends LitElement {
  @property() name: IconName = 'info';

  static override styles = css`
    :host {
      display: inline-block;
      width: 16px;
      height: 16px;
      font:
        normal 16px/1 codicon,
        sans-serif;
      text-align: center;
      flex: none;
      overflow: hidden;
    }
    /* Where motion is unwanted, the element it is in stops it: see its tokens. */
    :host([spin]) {
      animation: spin 1.5s steps(30) infinite;
    }
    @keyframes spin {
      to {
        transform: rotate(360deg);
      }
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('aria-hidden', 'true');
  }

  override render() {
    return html`${String.fromCodePoint(ICONS[this.name])}`;
  }
}
