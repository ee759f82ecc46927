import { tableOf } from '../model/table';
import { CancelledError } from './channel';
import type { Panel } from './panel';

/** The run that the open one is compared with. The view remembers which, so that it comes back with the page. */
export class Comparing {
  /** Asked for before a run was open. */
  private wished: string | null = null;

  constructor(private readonly panel: Panel) {}

  /** Opens the compare view with another run of the folder; where no run is open yet, as soon as one is. */
  show(run: string): void {
    const { panel } = this;
    if (panel.state.phase.kind !== 'open') {
      this.wished = run;
      return;
    }
    void this.choose(run);
    panel.setView({ pane: 'compare', front: 'pane' });
  }

  /** A run was opened: what was asked for meanwhile is shown, else what the run was compared with before. */
  opened(): void {
    const { wished, panel } = this;
    const { compared } = panel.state.view;
    this.wished = null;
    if (wished !== null) return this.show(wished);
    // Nobody asks for it now: without a word where it was deleted since.
    if (compared !== null && compared !== panel.state.other?.run.id) void this.load(compared, () => undefined);
  }

  /** Loads another run of the folder to compare with; null ends comparing. */
  async choose(run: string | null): Promise<void> {
    const { panel } = this;
    panel.setView({ compared: run });
    if (run === null) return panel.store.update({ other: null });
    await this.load(run, (why) => panel.say(why, true));
  }

  /** Loads the run that the view asks for, unless it asks for another one by then; where that fails, the one shown stays. */
  private async load(run: string, failed: (why: string) => void): Promise<void> {
    const { panel } = this;
    const isWanted = () => panel.state.view.compared === run;
    try {
      const other = await panel.channel.call('otherRun', { run });
      if (isWanted()) panel.store.update({ other: { run: other, table: tableOf(other) } });
    } catch (error) {
      if (error instanceof CancelledError || !isWanted()) return;
      panel.setView({ compared: panel.state.other?.run.id ?? null });
      failed(error instanceof Error ? error.message : String(error));
    }
  }
}
