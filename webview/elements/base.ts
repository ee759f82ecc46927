import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { Panel } from '../state/panel';

/** An element that shows a part of the panel's state and renders again when any of it changes. */
export abstract class PanelElement extends LitElement {
  @property({ attribute: false }) panel!: Panel;

  private unsubscribe: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.unsubscribe = this.panel?.store.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  protected override willUpdate(): void {
    this.unsubscribe ??= this.panel.store.subscribe(() => this.requestUpdate());
  }
}
