import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PanelElement } from './base';
import { tokens } from './style';

/** A thumbnail in a list; loaded when it comes into sight. */
@customElement('musc-small-picture')
export class MuscSmallPicture extends PanelElement {
  @property({ attribute: false }) image = 0;
  private inSight = false;
  private unlisten: (() => void) | undefined;
  private observer: IntersectionObserver | undefined;

  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        background: var(--tile);
        border-radius: 3px;
        overflow: hidden;
      }
      img {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.unlisten = this.panel.thumbnails(128).subscribe(() => this.requestUpdate());
    this.observer = new IntersectionObserver((entries) => {
      this.inSight = entries[entries.length - 1].isIntersecting;
      this.load();
    });
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten?.();
    this.observer?.disconnect();
  }

  /** At every update: the list may give it another image, and a snapshot empties what was loaded. */
  protected override updated(): void {
    this.load();
  }

  private load(): void {
    if (this.inSight) this.panel.thumbnails(128).want([this.image], `small-${this.image}`);
  }

  override render() {
    const uri = this.panel.thumbnails(128).peek(this.image)?.uri;
    return uri ? html`<img src=${uri} alt="" decoding="async" />` : nothing;
  }
}
