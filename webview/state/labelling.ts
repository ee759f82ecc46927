import * as l10n from '@vscode/l10n';
import type { Label } from '../../extension/protocol/run-file';
import { doubtOf } from '../model/doubt';
import { nextToReview } from '../model/review';
import { broughtIntoView } from '../model/selection';
import { DEFECT, GOOD, NONE, UNSURE } from '../model/table';
import { CancelledError } from './channel';
import type { Panel } from './panel';
import { sameItems } from './store';

const LABEL_NUMBERS: Readonly<Record<Label, number>> = { good: GOOD, defect: DEFECT, unsure: UNSURE };
const LABEL_NAMES: Readonly<Record<number, (() => string) | undefined>> = {
  [GOOD]: () => l10n.t('good'),
  [DEFECT]: () => l10n.t('defect'),
  [UNSURE]: () => l10n.t('unsure'),
};

const NOWHERE = new Int32Array(0);

/** A decision that the editor has not answered yet. */
interface Decision {
  readonly images: readonly number[];
  readonly value: number;
}

/** Between which images the current one was shown when it was decided on. */
interface Gap {
  readonly before: number | null;
  readonly after: number | null;
  /** What the grid was ordered and filtered by. */
  readonly look: readonly unknown[];
}

/** What is decided about images: here, and by the editor's undo and redo. */
export class Labelling {
  /** The labels as the editor has told them, with the decisions that it has taken since. */
  private told: Int8Array = new Int8Array(0);
  /** Oldest first. The editor tells its labels after each decision: what was decided meanwhile is not taken back by that. */
  private readonly waiting = new Set<Decision>();
  private gap: Gap | null = null;
  /** Whether the current image was chosen among the labels to check. */
  private checking = false;

  constructor(private readonly panel: Panel) {}

  /** A run is shown, with these labels. */
  begin(labels: Int8Array): Int8Array {
    this.waiting.clear(); // they are of images of another run
    this.moved();
    return this.tell(labels);
  }

  /** The labels as the editor has them now. Returns those to show. */
  tell(labels: Int8Array): Int8Array {
    this.told = labels;
    return this.labels;
  }

  private get labels(): Int8Array {
    return [...this.waiting].reduce(withDecision, this.told);
  }

  /** Gives images a label; null clears it. Undone and redone by the editor. */
  label(label: Label | null, images: readonly number[]): void {
    const { panel } = this;
    if (images.length === 0) return;
    if (!panel.derived.snapshot.editable)
      return panel.say(l10n.t('Labels cannot be edited here: the folder is read-only or not trusted.'), true);
    const value = label === null ? NONE : LABEL_NUMBERS[label];
    const shown = panel.derived.visible;
    const from = this.leaves(images, label);
    const [later, upcoming] = [this.laterToCheck(from), this.upcoming(from)];
    this.rememberGap(images);
    const decision = { images, value };
    this.waiting.add(decision);
    panel.store.update({ labels: this.labels });
    panel.channel.call('editLabels', { changes: images.map((image) => ({ image, label })) }).then(
      () => this.taken(decision),
      (error: unknown) => this.refused(decision, error),
    );
    const what = images.length === 1 ? panel.derived.table.path[images[0]] : l10n.t('{0} images', images.length);
    panel.say(decisionText(what, value));
    this.goOn(shown, later, upcoming);
  }

  private taken(decision: Decision): void {
    if (this.waiting.delete(decision)) this.told = withDecision(this.told, decision);
  }

  private refused(decision: Decision, error: unknown): void {
    if (!this.waiting.delete(decision) || error instanceof CancelledError) return;
    const { panel } = this;
    panel.store.update({ labels: this.labels });
    panel.dropHidden(true);
    panel.say(error instanceof Error ? error.message : String(error), true);
  }

  /** The labels as the editor has them. `stepped`: by undo or redo, which is said, and shown where grid or review have the image. */
  hear(labels: Int8Array, stepped: boolean): void {
    const { panel } = this;
    const before = panel.state.labels;
    const now = this.tell(labels);
    const changed = [...now.keys()].filter((image) => now[image] !== before[image]);
    if (changed.length === 0 && now.length === before.length) return; // one's own decision, told again
    const steps = stepped && panel.state.phase.kind === 'open';
    if (steps && this.gap === null) this.rememberGap(changed);
    else if (steps) this.gap = null;
    panel.store.update({ labels: now });
    panel.dropHidden(!stepped);
    if (!steps || changed.length === 0) return;
    if (changed.length > 1) return panel.say(l10n.t('{0} labels changed', changed.length));
    const [image] = changed;
    panel.say(decisionText(panel.derived.table.path[image], now[image]));
    if (image === panel.state.current || !(panel.isReviewing || panel.derived.visible.includes(image))) return;
    const { checking } = this; // goes on in the list, to decide otherwise
    panel.select(image);
    this.checking = checking;
  }

  /** The current image was chosen among the labels to check: auto-advance goes on there. */
  check(): void {
    this.checking = true;
  }

  /** Another image is the current one. */
  moved(): void {
    this.gap = null;
    this.checking = false;
  }

  /** Whether the current image was decided on since it is the current one. */
  get hasDecided(): boolean {
    return this.gap !== null;
  }

  /**
   * The image shown before (`offset` < 0) or after the current one when that was decided on, as its label may have moved it in the
   * order or out of the grid. Null: there was none. Undefined: it was not decided on, or the grid was asked for another order since.
   */
  neighbour(offset: number): number | null | undefined {
    if (this.gap === null || !sameItems(this.gap.look, this.look)) return undefined;
    return offset < 0 ? this.gap.before : this.gap.after;
  }

  /** The image that a review goes on with after one; null: all is decided. */
  ahead(image: number): number | null {
    return this.laterToCheck(image).at(0) ?? nextToReview(this.panel.derived.facts, image);
  }

  private get look(): readonly unknown[] {
    const { sort, filter, threshold } = this.panel.state.view;
    return [sort, filter, threshold];
  }

  /** Called before labels change; where the current image is decided on otherwise, the gap is where it was at first. */
  private rememberGap(images: readonly number[]): void {
    const { current } = this.panel.state;
    const { visible } = this.panel.derived;
    const at = current !== null && images.includes(current) ? visible.indexOf(current) : -1;
    if (at < 0 || (this.gap !== null && sameItems(this.gap.look, this.look))) return;
    const moving = new Set(images);
    const stays = (image: number) => !moving.has(image);
    this.gap = {
      before: visible.subarray(0, at).findLast(stays) ?? null,
      after: visible.subarray(at + 1).find(stays) ?? null,
      look: this.look,
    };
  }

  /** The image that auto-advance goes on from; null: it does not. */
  private leaves(images: readonly number[], label: Label | null): number | null {
    const { view, current } = this.panel.state;
    return view.advance && label !== null && images.length === 1 && images[0] === current ? current : null;
  }

  /** Where auto-advance goes after labelling one image; worked out before the label can move it in the filter. */
  private upcoming(from: number | null): number | null {
    if (from === null) return null;
    if (this.panel.isReviewing) return nextToReview(this.panel.derived.facts, from);
    const { visible } = this.panel.derived;
    const at = visible.indexOf(from);
    return at < 0 ? null : (visible[at + 1] ?? null);
  }

  /**
   * The labels to check after an image that was chosen among them, or that has a label, which is what is checked: a review goes on
   * there. Worked out before a new label takes it from among them.
   */
  private laterToCheck(from: number | null): Int32Array {
    const { labels, missing } = this.panel.state;
    if (from === null || !this.panel.isReviewing || (labels[from] === NONE && !this.checking)) return NOWHERE;
    const { toCheck } = this.panel.derived;
    const at = toCheck.indexOf(from);
    return at < 0 ? NOWHERE : toCheck.subarray(at + 1).filter((image) => !missing.has(image));
  }

  /**
   * After labelling: to the upcoming image, and where labels have taken the current one out of the filter, to the nearest shown.
   * Without auto-advance the image that was decided on stays, to decide otherwise. `shown`: what the grid showed before; `later`:
   * labels to check, which go first where the new label has left them so.
   */
  private goOn(shown: Int32Array, later: Int32Array, otherwise: number | null): void {
    const { panel } = this;
    const { view, current } = panel.state;
    const check = later.find((image) => doubtOf(image, panel.derived.facts) !== null);
    const upcoming = check ?? otherwise;
    if (upcoming !== null) panel.select(upcoming);
    if (check !== undefined) this.checking = true;
    const follows = view.advance && !(panel.isReviewing && upcoming !== null);
    if (follows && current !== null && shown.includes(current))
      panel.choose(broughtIntoView(panel.state, shown, panel.derived.visible));
    else panel.dropHidden(true);
  }
}

/** Labels with one decision more. */
function withDecision(labels: Int8Array, { images, value }: Decision): Int8Array {
  const decided = labels.slice();
  for (const image of images) decided[image] = value;
  return decided;
}

/** A decision in words. */
function decisionText(what: string, label: number): string {
  const name = LABEL_NAMES[label]?.();
  return name === undefined ? l10n.t('{0}: label cleared', what) : `${what}: ${name}`;
}
