import * as l10n from '@vscode/l10n';
import type { Stage } from '../../extension/protocol/stage';
import * as format from './format';

/** What the progress of a stage counts. The other stages are one step each, and have no speed. */
const RATES: Readonly<Partial<Record<Stage, (rate: string) => string>>> = {
  features: (rate) => l10n.t('{0} pictures / s', rate),
  // Two pictures at one of the backbone's layers.
  scoring: (rate) => l10n.t('{0} comparisons / s', rate),
  // Every picture's map is gone through more than once.
  metrics: (rate) => l10n.t('{0} maps / s', rate),
};

/** The speed of a stage in words; null: there is none to tell. */
export function speedText(stage: Stage | null, perSecond: number | null): string | null {
  if (stage === null || perSecond === null) return null;
  return RATES[stage]?.(format.rate(perSecond)) ?? null;
}

/** How far a stage was, and when. */
interface Mark {
  readonly at: number;
  readonly stage: string;
  readonly done: number;
}

/** Only the last seconds count: the beginning of a stage says little about its end. */
const WINDOW = 10_000;

/** Units of work per second over the last ten seconds of a stage. */
export class Speed {
  private marks: Mark[] = [];

  /** Notes progress; `at` in ms. A new stage, or one that goes back, starts afresh. */
  note(stage: string, done: number, at: number): void {
    const last = this.marks[this.marks.length - 1];
    if (last && (last.stage !== stage || last.done > done)) this.marks = [];
    this.marks = [...this.marks.filter((m) => at - m.at <= WINDOW), { at, stage, done }];
  }

  /** Null until half a second of a stage has been seen. */
  get perSecond(): number | null {
    const [first] = this.marks;
    const last = this.marks[this.marks.length - 1];
    if (!first || last.at - first.at < 500 || last.done === first.done) return null;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  }
}
