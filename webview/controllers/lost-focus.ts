import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Tells an element that what had the focus in it has gone with an update: keys would be heard nowhere. */
export class LostFocus implements ReactiveController {
  private was = false;

  constructor(
    private readonly host: ReactiveControllerHost & Element,
    private readonly lost: () => void,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    this.was = this.isInside;
  }

  hostUpdated(): void {
    if (this.was && !this.isInside) this.lost();
  }

  private get isInside(): boolean {
    return (this.host.shadowRoot?.activeElement ?? null) !== null;
  }
}
