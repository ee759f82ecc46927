import * as l10n from '@vscode/l10n';
import type { Label } from '../../extension/protocol/run-file';
import { nextToReview } from '../model/review';
import { broughtIntoView } from '../model/selection';
import { DEFECT, GOOD, NONE, UNSURE } from '../model/table';
import { CancelledError } from './channel';
import type { Panel } from './panel';

const LABEL_NUMBERS: Readonly<Record<Label, number>> = { good: GOOD, defect: DEFECT, unsure: UNSURE };
const LABEL_NAMES: Readonly<Record<number, (() => string) | undefined>> = {
  [GOOD]: () => l10n.t('good'),
  [DEFECT]: () => l10n.t('defect'),
  [UNSURE]: () => l10n.t('unsure'),
};

/** What is decided about images: here, and by the editor's undo and redo. */
export class Labelling {
  constructor(private readonly panel: Panel) {}

  /** Gives images a label; null clears it. Undone and redone by the editor. */
  label(label: Label | null, images: readonly number[]): void {
    const { panel } = this;
    if (images.length === 0) return;
    if (!panel.derived.snapshot.editable)
      return panel.say(l10n.t('Labels can not be edited here: the folder is read-only or not trusted.'), true);
    const before = panel.state.labels;
    const labels = before.slice();
    const value = label === null ? NONE : LABEL_NUMBERS[label];
    for (const image of images) labels[image] = value;
    const shown = panel.derived.visible;
    const upcoming = this.upcoming(images, label);
    panel.store.update({ labels });
    const changes = images.map((image) => ({ image, label }));
    panel.channel.call('editLabels', { changes }).catch((error: unknown) => {
      if (error instanceof CancelledError) return;
      panel.store.update({ labels: before });
      panel.say(error instanceof Error ? error.message : String(error), true);
    });
    const what = images.length === 1 ? panel.derived.table.path[images[0]] : l10n.t('{0} images', images.length);
    panel.say(decision(what, value));
    this.goOn(shown, upcoming);
  }

  /** The labels as the editor has them. `stepped`: by undo or redo, which is said, and shown where grid or review have the image. */
  hear(labels: Int8Array, stepped: boolean): void {
    const { panel } = this;
    const before = panel.state.labels;
    panel.store.update({ labels });
    panel.dropHidden(!stepped); // one's own decision, told again, takes nothing away from where one is
    if (!stepped || panel.state.phase.kind !== 'open') return;
    const changed = [...labels.keys()].filter((image) => labels[image] !== before[image]);
    if (changed.length === 0) return;
    if (changed.length > 1) return panel.say(l10n.t('{0} labels changed', changed.length));
    const [image] = changed;
    panel.say(decision(panel.derived.table.path[image], labels[image]));
    if (image !== panel.state.current && (panel.isReviewing || panel.derived.visible.includes(image)))
      panel.select(image);
  }

  /** Where auto-advance goes after labelling one image; worked out before the label can move it in the filter. */
  private upcoming(images: readonly number[], label: Label | null): number | null {
    const { view, current } = this.panel.state;
    if (!view.advance || label === null || images.length !== 1 || images[0] !== current) return null;
    if (this.panel.isReviewing) return nextToReview(this.panel.derived.facts, current);
    const { visible } = this.panel.derived;
    const at = visible.indexOf(current);
    return at >= 0 && at + 1 < visible.length ? visible[at + 1] : null;
  }

  /**
   * After labelling: to the upcoming image, and where labels have taken the current one out of the filter, to the nearest shown.
   * Without auto-advance the image that was decided on stays, to decide otherwise. `shown`: what the grid showed before.
   */
  private goOn(shown: Int32Array, upcoming: number | null): void {
    const { panel } = this;
    const { view, current } = panel.state;
    if (upcoming !== null) panel.select(upcoming);
    const follows = view.advance && !(panel.isReviewing && upcoming !== null);
    if (follows && current !== null && shown.includes(current))
      panel.choose(broughtIntoView(panel.state, shown, panel.derived.visible));
    else panel.dropHidden(true);
  }
}

/** A decision in words. */
function decision(what: string, label: number): string {
  const name = LABEL_NAMES[label]?.();
  return name === undefined ? l10n.t('{0}: label cleared', what) : `${what}: ${name}`;
}
