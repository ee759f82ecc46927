import type { Label } from '../protocol/run-file';

/** A label or none. */
export type LabelValue = Label | null;

/** One picture's label before and after an edit; pictures by their index in the run. */
export interface LabelChange {
  readonly image: number;
  readonly before: LabelValue;
  readonly after: LabelValue;
}

/** One undoable step: the labels changed together. */
export interface LabelEdit {
  readonly changes: readonly LabelChange[];
  /** ISO 8601 time of the decision: the later one wins where two windows disagree. */
  readonly at: string;
}

/** Decisions by picture, with the ISO 8601 time of each. */
export type Decisions = ReadonlyMap<number, { readonly label: LabelValue; readonly at: string }>;

/**
 * The labels of one run while it is open: those on disk and this window's unsaved decisions over them.
 * Invariant: `current[i]` is the unsaved decision of picture i if there is one, else `disk[i]`.
 */
export class LabelState {
  #disk: readonly LabelValue[];
  readonly #unsaved = new Map<number, { label: LabelValue; at: string }>();
  /** What is being written: the disk will hold it, whatever `#disk` says. */
  #writing: Decisions = new Map();

  constructor(disk: readonly LabelValue[]) {
    this.#disk = disk;
  }

  /** One per image. */
  get current(): LabelValue[] {
    return this.#disk.map((_, image) => this.#labelOf(image));
  }

  /** Decisions not on disk yet, by picture. */
  get unsaved(): Decisions {
    return this.#unsaved;
  }

  /** Makes the edit that sets these labels, without applying it. Null: nothing would change. */
  edit(wanted: readonly { image: number; label: LabelValue }[], at: string): LabelEdit | null {
    const changes = new Map<number, LabelChange>();
    for (const { image, label } of wanted)
      if (image < this.#disk.length) changes.set(image, { image, before: this.#labelOf(image), after: label });
    const real = [...changes.values()].filter(({ before, after }) => before !== after);
    return real.length > 0 ? { changes: real, at } : null;
  }

  apply({ changes, at }: LabelEdit): void {
    for (const { image, after } of changes) this.#set(image, after, at);
  }

  /**
   * Takes an edit back where its labels still are: what was decided elsewhere since stays. `now` is when: the older label counts as
   * decided again. Returns how many pictures it leaves as they are.
   */
  revert({ changes }: LabelEdit, now: string): number {
    return this.#step(
      changes.map(({ image, before, after }) => ({ image, from: after, to: before })),
      now,
    );
  }

  /** Makes an edit once more that was taken back, where its pictures still are as they were before it. Else as `revert`. */
  repeat({ changes }: LabelEdit, now: string): number {
    return this.#step(
      changes.map(({ image, before, after }) => ({ image, from: before, to: after })),
      now,
    );
  }

  /** Takes what the disk holds now; unsaved decisions stay over it. */
  rebase(disk: readonly LabelValue[]): void {
    this.#disk = disk;
    for (const [image, { label }] of this.#unsaved) if (this.#isOnDisk(image, label)) this.#unsaved.delete(image);
  }

  /** The decisions to write. Until `written` or `notWritten` no other one on their pictures is taken for what the disk holds. */
  startWriting(): Decisions {
    return (this.#writing = new Map(this.#unsaved));
  }

  /** They are on disk now, which holds `disk`; ones made meanwhile stay unsaved. */
  written(disk: readonly LabelValue[]): void {
    for (const [image, decision] of this.#writing)
      if (this.#unsaved.get(image) === decision) this.#unsaved.delete(image);
    this.notWritten();
    this.rebase(disk);
  }

  /** All of them stay unsaved. */
  notWritten(): void {
    this.#writing = new Map();
  }

  /** Drops unsaved decisions for what the disk holds. */
  reset(disk: readonly LabelValue[]): void {
    this.#unsaved.clear();
    this.#disk = disk;
  }

  #step(changes: readonly { image: number; from: LabelValue; to: LabelValue }[], at: string): number {
    const open = changes.filter(({ image, from }) => this.#labelOf(image) === from);
    for (const { image, to } of open) this.#set(image, to, at);
    return changes.length - open.length;
  }

  /** One of `current`: an edit of a few pictures must not cost as much as all of them. */
  #labelOf(image: number): LabelValue {
    const decision = this.#unsaved.get(image);
    return decision ? decision.label : this.#disk[image];
  }

  #set(image: number, label: LabelValue, at: string): void {
    if (this.#isOnDisk(image, label)) this.#unsaved.delete(image);
    else this.#unsaved.set(image, { label, at });
  }

  #isOnDisk(image: number, label: LabelValue): boolean {
    return this.#disk[image] === label && !this.#writing.has(image);
  }
}
