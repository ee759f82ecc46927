import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { Panel } from '../state/panel';
import { sameItems } from '../state/store';

/** An element that shows a part of the panel's state and renders again when any of it changes. */
export abstract class PanelElement extends LitElement {
  @property({ attribute: false }) panel!: Panel;

  private unsubscribe: (() => void) | undefined;
  private used: readonly unknown[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.panel) this.subscribe();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  protected override willUpdate(): void {
    // An update that was asked for before its parent took it away comes all the same, and must not bind it again.
    if (!this.unsubscribe && this.isConnected) this.subscribe();
    this.used = this.uses();
  }

  /**
   * What it makes its rendering of, beside its own properties. While all of these are what they were it is not rendered again:
   * who names them saves that work in a drag of the threshold, which changes the state at every frame.
   */
  protected uses(): readonly unknown[] {
    return [this.panel.state];
  }

  private subscribe(): void {
    this.unsubscribe = this.panel.store.subscribe(() => {
      if (!sameItems(this.uses(), this.used)) this.requestUpdate();
    });
  }
}
