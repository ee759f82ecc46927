import type { Stage } from '../../protocol/stage';
import type { ReportProgress } from '../progress';

/** At most one report in this time, ms: a terminal or an editor shows no more. */
const INTERVAL = 100;
/** No time left is told before this much of a stage has passed, ms: earlier guesses jump. */
const SETTLE = 1000;

/** What is to say about a step besides how many are finished. */
export interface StepDetail {
  readonly item?: string;
  /** Steps that cost nothing so far (resumed or cached): they don't count for the speed. */
  readonly free?: number;
  /** All steps, where that turns out otherwise than first told. */
  readonly total?: number;
}

/** Turns steps of one stage into throttled progress with an estimate of the time left. */
export class ProgressMeter {
  private readonly started = performance.now();
  private reported = -Infinity;
  private free = 0;

  constructor(
    private readonly stage: Stage,
    private total: number,
    private readonly report: ReportProgress,
  ) {
    this.step(0);
  }

  /** `done` of all steps are finished. The last step is always reported. */
  step(done: number, { item, free = this.free, total = this.total }: StepDetail = {}): void {
    [this.free, this.total] = [free, total];
    const now = performance.now();
    if (done < total && now - this.reported < INTERVAL) return;
    this.reported = now;
    const worked = done - free;
    const elapsed = now - this.started;
    const secondsLeft = worked > 0 && elapsed > SETTLE ? (elapsed / worked / 1000) * (total - done) : null;
    this.report({ stage: this.stage, done, total, secondsLeft, item });
  }

  /** Seconds since the stage began. */
  seconds(): number {
    return (performance.now() - this.started) / 1000;
  }
}
