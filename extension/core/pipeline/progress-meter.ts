import type { Stage } from '../../protocol/stage';
import type { ReportProgress } from '../progress';

/** At most one report in this time, ms: a terminal or an editor shows no more. */
const INTERVAL = 100;
/** No time left is told before this much of a stage has passed, ms: earlier guesses jump. */
const SETTLE = 1000;

/** Turns steps of one stage into throttled progress with an estimate of the time left. */
export class ProgressMeter {
  private readonly started = performance.now();
  private reported = -Infinity;

  constructor(
    private readonly stage: Stage,
    private readonly total: number,
    private readonly report: ReportProgress,
    /** Steps that cost nothing (resumed or cached) don't count for the speed. */
    private skipped = 0,
  ) {
    this.step(skipped);
  }

  /** `done` of `total` steps are finished; `free` of them cost nothing. The last step is always reported. */
  step(done: number, item?: string, free = this.skipped): void {
    this.skipped = free;
    const now = performance.now();
    if (done < this.total && now - this.reported < INTERVAL) return;
    this.reported = now;
    const worked = done - free;
    const elapsed = now - this.started;
    const secondsLeft = worked > 0 && elapsed > SETTLE ? (elapsed / worked / 1000) * (this.total - done) : null;
    this.report({ stage: this.stage, done, total: this.total, secondsLeft, item });
  }

  /** Seconds since the stage began. */
  seconds(): number {
    return (performance.now() - this.started) / 1000;
  }
}
