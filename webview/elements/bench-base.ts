import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { BenchFile } from '../../extension/protocol/bench-file';
import type { BenchPage } from '../state/bench-page';

/** An element that shows a part of a benchmark's page and renders again when any of it changes. */
export abstract class BenchElement extends LitElement {
  @property({ attribute: false }) page!: BenchPage;

  private unsubscribe: (() => void) | undefined;

  /** The benchmark shown, null before and where it can't be. */
  protected get bench(): BenchFile | null {
    const { phase } = this.page.state;
    return phase.kind === 'shown' ? phase.bench : null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  protected override willUpdate(): void {
    this.unsubscribe ??= this.page.store.subscribe(() => this.requestUpdate());
  }
}
