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
