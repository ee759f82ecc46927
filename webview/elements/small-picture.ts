import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PanelElement } from './base';
import { tokens } from './style';

/** A thumbnail in a list; loaded when it comes into sight. */
@customElement('musc-small-picture')
export class MuscSmallPicture extends PanelElement {
  @property({ attribute: false }) image = 0;
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
    const cache = this.panel.thumbnails(128);
    this.unlisten = cache.subscribe(() => this.requestUpdate());
    this.observer = new IntersectionObserver((entries) => {
      if (entries.some((e) => e.isIntersecting)) cache.want([this.image], `small-${this.image}`);
    });
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten?.();
    this.observer?.disconnect();
  }

  override render() {
    const uri = this.panel.thumbnails(128).peek(this.image)?.uri;
    return uri ? html`<img src=${uri} alt="" decoding="async" />` : nothing;
  }
}
