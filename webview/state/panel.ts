import type { PanelRequest, PanelSnapshot, Thumbnail } from '../../extension/protocol/panel';
import type { Label } from '../../extension/protocol/run-file';
import { NO_FILTER, type Filter, type Show } from '../model/filter';
import { nextToReview } from '../model/review';
import type { PatchMap } from '../model/sample';
import { Speed } from '../model/speed';
import { STAGE_NAMES } from '../model/stage';
import { DEFECT, GOOD, labelColumn, NONE, tableOf, UNSURE } from '../model/table';
import type { ThresholdRule } from '../model/threshold';
import { BatchCache } from './batch-cache';
import { CancelledError, Channel, type HostEvent } from './channel';
import { Derived } from './derived';
import { Pictures } from './pictures';
import { INITIAL_STATE, type PanelState } from './state';
import { Store } from './store';
import { readView, type HeatView, type ViewState } from './view';

/** What the panel needs from the page it lives in. */
export interface Page {
  post(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

const LABEL_NUMBERS: Readonly<Record<Label, number>> = { good: GOOD, defect: DEFECT, unsure: UNSURE };
/** Longest wait before the view is stored with the host, ms. */
const SAVE_DELAY = 400;

/** The panel's one model: state, what follows from it, and everything that can be done. */
export class Panel {
  readonly store = new Store<PanelState>(INITIAL_STATE);
  readonly derived = new Derived(() => this.store.state);
  readonly channel: Channel;
  readonly maps: BatchCache<PatchMap>;
  readonly pictures: Pictures;
  readonly speed = new Speed();
  private readonly thumbnailCaches = new Map<128 | 256 | 512, BatchCache<Thumbnail>>();
  private saveTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly page: Page) {
    this.channel = new Channel(
      (call) => page.post(call),
      (event) => this.hear(event),
    );
    this.pictures = new Pictures(this.channel);
    this.maps = new BatchCache(
      async (images, signal) => {
        const { height, width } = this.derived.snapshot.run.grid;
        const all = await this.channel.call('maps', { images }, signal);
        const length = height * width;
        return images.map((_, i) => ({ width, height, data: all.slice(i * length, (i + 1) * length) }));
      },
      { batch: 64, parallel: 2, capacity: 1500 },
    );
  }

  get state(): PanelState {
    return this.store.state;
  }

  /** Small pictures of one size. */
  thumbnails(size: 128 | 256 | 512): BatchCache<Thumbnail> {
    const existing = this.thumbnailCaches.get(size);
    if (existing) return existing;
    const made = new BatchCache<Thumbnail>(
      (images, signal) => this.channel.call('thumbnails', { images, size }, signal),
      { batch: 24, parallel: 2, capacity: 20_000 },
    );
    this.thumbnailCaches.set(size, made);
    return made;
  }

  /** Asks the host for what to show. */
  async start(): Promise<void> {
    try {
      const answer = await this.channel.call('ready', {});
      if ('pending' in answer) this.store.update({ phase: { kind: 'pending', folder: answer.pending.folder } });
      else if ('refused' in answer) this.store.update({ phase: { kind: 'refused', ...answer.refused } });
      else this.open(answer);
    } catch (error) {
      if (error instanceof CancelledError) return;
      const what = error instanceof Error ? error.message : String(error);
      this.store.update({ phase: { kind: 'refused', what, hint: 'Close this editor and open the run again.' } });
    }
  }

  /** A message from the host. */
  receive(message: unknown): void {
    this.channel.receive(message);
  }

  private hear(event: HostEvent): void {
    switch (event.event) {
      case 'snapshot':
        return this.open(event.snapshot);
      case 'labels':
        return this.store.update({ labels: labelColumn(event.labels) });
      case 'settings': {
        const { phase } = this.state;
        if (phase.kind !== 'open') return;
        const snapshot = { ...phase.snapshot, settings: event.settings };
        return this.store.update({ phase: { ...phase, snapshot } });
      }
      case 'job':
        return this.hearJob(event.job);
      case 'compare':
        this.setView({ pane: 'compare', front: 'pane' });
        return void this.compareWith(event.run);
    }
  }

  private hearJob(job: PanelState['job']): void {
    if (job?.stage) this.speed.note(job.stage, job.done, performance.now());
    const before = this.state.job?.stage;
    this.store.update({ job });
    if (job?.state === 'running' && job.stage && job.stage !== before) this.say(`${STAGE_NAMES[job.stage]} …`);
    if (job?.state === 'cancelled') this.say('Scoring was cancelled.');
    else if (job?.state === 'done') this.say('Scoring is done.');
  }

  private open(snapshot: PanelSnapshot): void {
    const table = tableOf(snapshot.run);
    this.maps.clear();
    this.pictures.clear();
    for (const cache of this.thumbnailCaches.values()) cache.clear();
    const first = this.state.phase.kind !== 'open';
    const view = first ? readView(this.page.getState() ?? snapshot.view) : this.state.view;
    const known = view.current === null ? -1 : table.path.indexOf(view.current);
    const current = known >= 0 ? known : table.size > 0 ? table.ranking[0] : null;
    this.store.update({
      phase: { kind: 'open', snapshot, table },
      labels: labelColumn(snapshot.labels),
      missing: new Set(snapshot.missing.map(([image]) => image)),
      view,
      current,
      selection: new Set(current === null ? [] : [current]),
      anchor: current,
    });
  }

  /** Why a picture can't be shown. */
  missingReason(image: number): string | undefined {
    return this.derived.snapshot.missing.find(([i]) => i === image)?.[1];
  }

  /** Changes how things are looked at, and remembers it. */
  setView(patch: Partial<ViewState>): void {
    this.store.update({ view: { ...this.state.view, ...patch } });
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => this.saveView(), SAVE_DELAY);
  }

  /** Stores the view if it has changed since it was last stored; also called when the page goes away. */
  saveView(): void {
    if (this.saveTimer === undefined) return;
    clearTimeout(this.saveTimer);
    this.saveTimer = undefined;
    this.page.setState(this.state.view);
    this.channel.call('saveView', { view: this.state.view }).catch(() => undefined);
  }

  setHeat(patch: Partial<HeatView>): void {
    this.setView({ heat: { ...this.state.view.heat, ...patch } });
  }

  setThreshold(rule: ThresholdRule): void {
    this.setView({ threshold: rule });
  }

  setFilter(patch: Partial<Filter>): void {
    const before = this.state.view.filter;
    this.setView({
      filter: { ...before, ...patch, types: [...(patch.types ?? before.types)] },
      scrollTop: 0,
    } as Partial<ViewState>);
    this.say(`${this.derived.visible.length} of ${this.derived.table.size} images`);
  }

  clearFilter(): void {
    this.setFilter(NO_FILTER);
  }

  /** Shows only one chip's images; the same chip again shows all. */
  toggleShow(show: Show): void {
    this.setFilter({ show: this.state.view.filter.show === show ? 'all' : show });
  }

  /** Makes an image the current one. `extend`: Shift, from the anchor; `toggle`: Ctrl. */
  select(image: number, how: 'only' | 'extend' | 'toggle' = 'only'): void {
    const { selection, anchor } = this.state;
    const path = this.derived.table.path[image];
    if (path === undefined) return;
    let next: Set<number>;
    if (how === 'toggle') {
      next = new Set(selection);
      if (next.has(image) && next.size > 1) next.delete(image);
      else next.add(image);
    } else if (how === 'extend' && anchor !== null) {
      const visible = this.derived.visible;
      const [a, b] = [visible.indexOf(anchor), visible.indexOf(image)];
      next = a < 0 || b < 0 ? new Set([image]) : new Set(visible.subarray(Math.min(a, b), Math.max(a, b) + 1));
    } else next = new Set([image]);
    this.store.update({ current: image, selection: next, anchor: how === 'extend' ? anchor : image });
    this.setView({ current: path });
  }

  selectAll(): void {
    const visible = this.derived.visible;
    if (visible.length === 0) return;
    this.store.update({ selection: new Set(visible), current: this.state.current ?? visible[0] });
    this.say(`${visible.length} images selected`);
  }

  /** The image `offset` places further in the grid's order. */
  step(offset: number): void {
    const { visible } = this.derived;
    if (visible.length === 0) return;
    const at = this.state.current === null ? -1 : visible.indexOf(this.state.current);
    const to = at < 0 ? 0 : Math.min(Math.max(at + offset, 0), visible.length - 1);
    this.select(visible[to]);
  }

  /** Goes to the image where a decision helps most. */
  reviewNext(): void {
    const next = nextToReview(this.derived.facts, this.state.current);
    if (next === null) return this.say('No other image is without a label.');
    this.select(next);
    this.setView({ pane: this.state.view.pane === 'review' ? 'review' : 'image' });
  }

  /** Gives the selection (or the given images) a label; null clears it. Undone and redone by the editor. */
  label(label: Label | null, images: readonly number[] = [...this.state.selection]): void {
    if (images.length === 0) return;
    if (!this.derived.snapshot.editable)
      return this.say('Labels can not be edited here: the folder is read-only or not trusted.', true);
    const before = this.state.labels;
    const labels = before.slice();
    const value = label === null ? NONE : LABEL_NUMBERS[label];
    for (const image of images) labels[image] = value;
    const upcoming = this.upcoming(images, label);
    this.store.update({ labels });
    const changes = images.map((image) => ({ image, label }));
    this.channel.call('editLabels', { changes }).catch((error: unknown) => {
      if (error instanceof CancelledError) return;
      this.store.update({ labels: before });
      this.say(error instanceof Error ? error.message : String(error), true);
    });
    const what = images.length === 1 ? this.derived.table.path[images[0]] : `${images.length} images`;
    this.say(label === null ? `${what}: label cleared` : `${what}: ${label}`);
    if (upcoming !== null) this.select(upcoming);
  }

  /** Where auto-advance goes after labelling one image; worked out before the label can move it in the filter. */
  private upcoming(images: readonly number[], label: Label | null): number | null {
    const { view, current } = this.state;
    if (!view.advance || label === null || images.length !== 1 || images[0] !== current) return null;
    if (view.pane === 'review') return nextToReview(this.derived.facts, current);
    const { visible } = this.derived;
    const at = visible.indexOf(current);
    return at >= 0 && at + 1 < visible.length ? visible[at + 1] : null;
  }

  /** Something the editor does. */
  command(name: PanelRequest<'command'>['name'], images?: readonly number[]): void {
    const params = images ? { name, images: [...images] } : { name };
    this.channel.call('command', params).catch((error: unknown) => {
      if (!(error instanceof CancelledError)) this.say(error instanceof Error ? error.message : String(error), true);
    });
  }

  /** Loads another run of the folder to compare with; null ends comparing. */
  async compareWith(run: string | null): Promise<void> {
    if (run === null) return this.store.update({ other: null });
    try {
      const other = await this.channel.call('otherRun', { run });
      this.store.update({ other: { run: other, table: tableOf(other) } });
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error), true);
    }
  }

  say(text: string, error = false): void {
    this.store.update({ notice: { text, error } });
  }
}
