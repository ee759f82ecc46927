import * as l10n from '@vscode/l10n';
import type { PanelRequest, PanelSnapshot, Thumbnail } from '../../extension/protocol/panel';
import type { Label } from '../../extension/protocol/run-file';
import { NO_FILTER, type Filter, type Show } from '../model/filter';
import { clamp } from '../model/geometry';
import { nextToReview, nothingToReview } from '../model/review';
import type { PatchMap } from '../model/sample';
import { alone, broughtIntoView, type Selection, toggled, withoutHidden } from '../model/selection';
import { Speed } from '../model/speed';
import { stageName } from '../model/stage';
import { labelColumn, tableOf } from '../model/table';
import type { ThresholdRule } from '../model/threshold';
import { BatchCache } from './batch-cache';
import { CancelledError, Channel, type HostEvent } from './channel';
import { Comparing } from './comparing';
import { Derived } from './derived';
import { viewToGoOnWith, type KeptView } from './kept-view';
import { Labelling } from './labelling';
import { patchMaps } from './patch-maps';
import { Pictures } from './pictures';
import { INITIAL_STATE, type PanelState, type Phase } from './state';
import { Store } from './store';
import { readView, type HeatView, type ViewState } from './view';

/** What the panel needs from the page it lives in. */
export interface Page {
  post(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
  /** Whether it shows only what is in front. */
  isNarrow(): boolean;
}

/** What the grid knows of what is on the screen. */
export interface Sight {
  /** Whether one of these images, or more, is in sight. */
  shows(images: ReadonlySet<number>): boolean;
  /** Scrolls to an image that passes the filter. */
  bring(image: number): void;
}

/** Longest wait before the view is stored with the host, ms. */
const SAVE_DELAY = 400;
/** After a picture came back, ms: others come with it. */
const LOOK_DELAY = 1000;
/** A threshold that was not moved for so long (ms) is not being dragged any more. */
const DRAG_REST = 150;

/** The panel's one model: state, what follows from it, and everything that can be done. */
export class Panel {
  readonly store = new Store<PanelState>(INITIAL_STATE);
  readonly derived = new Derived(() => this.store.state);
  readonly channel: Channel;
  readonly maps: BatchCache<PatchMap>;
  readonly pictures: Pictures;
  readonly speed = new Speed();
  readonly comparing = new Comparing(this);
  /** The grid, while there is one. */
  grid: Sight | null = null;
  private readonly labelling = new Labelling(this);
  private readonly thumbnailCaches = new Map<128 | 256 | 512, BatchCache<Thumbnail>>();
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private lookTimer: ReturnType<typeof setTimeout> | undefined;
  /** The view as it was last stored. */
  private kept: KeptView | null = null;
  /** Set while the threshold may be on its way. */
  private restTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly page: Page) {
    this.channel = new Channel(
      (call) => page.post(call),
      (event) => this.hear(event),
    );
    this.pictures = new Pictures(this.channel);
    this.maps = new BatchCache(
      async (images, signal) => {
        const { grid } = this.derived.snapshot.run;
        return patchMaps(grid, images.length, await this.channel.call('maps', { images }, signal));
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
      { batch: 24, parallel: 2, capacity: 20_000, isEmpty: ({ uri }) => uri === null }, // a drive may come back
    );
    made.subscribe((images) =>
      this.found(images.filter((image) => this.state.missing.has(image) && made.peek(image)?.uri)),
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
      this.store.update({
        phase: { kind: 'refused', what, hint: l10n.t('Close this editor and open the run again.') },
      });
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
        return this.labelling.hear(labelColumn(event.labels), event.stepped ?? false);
      case 'settings': {
        const { phase } = this.state;
        if (phase.kind !== 'open') return;
        const snapshot = { ...phase.snapshot, settings: event.settings };
        return this.store.update({ phase: { ...phase, snapshot } });
      }
      case 'job':
        return this.hearJob(event.job);
      case 'compare':
        return this.comparing.show(event.run);
      case 'export':
        return this.state.phase.kind === 'open' ? this.exportRun() : undefined;
    }
  }

  private hearJob(job: PanelState['job']): void {
    if (job?.stage) this.speed.note(job.stage, job.done, performance.now());
    const before = this.state.job?.stage;
    this.store.update({ job });
    if (job?.state === 'running' && job.stage && job.stage !== before) this.say(`${stageName(job.stage)} …`);
    if (job?.state === 'cancelled') this.say(l10n.t('Scoring was cancelled.'));
    else if (job?.state === 'done') this.say(l10n.t('Scoring is done.'));
  }

  private open(snapshot: PanelSnapshot): void {
    const { phase } = this.state;
    if (phase.kind === 'open' && isSameRun(phase.snapshot, snapshot)) return this.refresh(phase, snapshot);
    const table = tableOf(snapshot.run);
    this.maps.clear();
    this.pictures.clear();
    for (const cache of this.thumbnailCaches.values()) cache.clear();
    this.kept ??= viewToGoOnWith(this.page.getState(), snapshot.view);
    const view = phase.kind === 'open' ? this.state.view : readView(this.kept.view);
    const known = view.current === null ? -1 : table.path.indexOf(view.current);
    this.store.update({
      phase: { kind: 'open', snapshot, table },
      labels: this.labelling.begin(labelColumn(snapshot.labels)),
      ...imagesOf(snapshot),
      view,
      ...alone(known >= 0 ? known : null),
    });
    if (known < 0) this.store.update(alone(this.derived.visible[0] ?? table.ranking[0] ?? null));
    this.dropHidden();
    this.comparing.opened();
  }

  /** The host has found out more about the run that is shown: nothing of it is loaded again, and the selection stays. */
  private refresh({ snapshot: before, table }: Extract<Phase, { kind: 'open' }>, snapshot: PanelSnapshot): void {
    const known = { ...snapshot, run: before.run, mapRange: snapshot.mapRange ?? before.mapRange };
    this.store.update({
      phase: { kind: 'open', snapshot: known, table },
      labels: this.labelling.tell(labelColumn(snapshot.labels)),
      ...imagesOf(snapshot),
    });
    this.dropHidden();
  }

  /** Why a picture can't be shown. */
  missingReason(image: number): string | undefined {
    if (!this.state.missing.has(image)) return undefined;
    return this.derived.snapshot.missing.find(([i]) => i === image)?.[1];
  }

  /** Missing images that can be shown after all: their drive is back, and the host looks which others are. */
  private found(back: readonly number[]): void {
    if (back.length === 0) return;
    this.store.update({ missing: new Set([...this.state.missing].filter((image) => !back.includes(image))) });
    this.dropHidden();
    clearTimeout(this.lookTimer);
    this.lookTimer = setTimeout(() => void this.lookAgain(), LOOK_DELAY);
  }

  private async lookAgain(): Promise<void> {
    const { run } = this.derived.snapshot;
    const pictures = await this.channel.call('checkPictures', {}).catch(() => null); // what is shown stays as it is
    const { phase } = this.state;
    if (!pictures || phase.kind !== 'open' || phase.snapshot.run !== run) return;
    this.store.update({ phase: { ...phase, snapshot: { ...phase.snapshot, ...pictures } }, ...imagesOf(pictures) });
    this.dropHidden();
  }

  /** Changes how the open run is looked at, and remembers it. Before one is open its view is not known, nor replaced. */
  setView(patch: Partial<ViewState>): void {
    if (this.state.phase.kind !== 'open') return;
    this.store.update({ view: { ...this.state.view, ...patch } });
    this.dropHidden();
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => this.saveView(), SAVE_DELAY);
  }

  /** Stores the view if it has changed since it was last stored; also called when the page goes away. */
  saveView(): void {
    if (this.saveTimer === undefined || this.kept === null) return;
    clearTimeout(this.saveTimer);
    this.saveTimer = undefined;
    this.kept = { panel: this.kept.panel, turn: this.kept.turn + 1, view: this.state.view };
    this.page.setState(this.kept);
    this.channel.call('saveView', { view: this.kept }).catch(() => undefined);
  }

  setHeat(patch: Partial<HeatView>): void {
    this.setView({ heat: { ...this.state.view.heat, ...patch } });
  }

  /**
   * Sets the threshold. All that is told of it follows at once; which pictures the grid shows, and in which order, follows the first
   * step of a drag and then its end, as pictures that change places at every frame can't be looked at, nor drawn within one.
   */
  setThreshold(rule: ThresholdRule): void {
    if (this.restTimer !== undefined)
      this.store.update({ gridThreshold: this.state.gridThreshold ?? this.derived.threshold.value });
    this.setView({ threshold: rule });
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => this.rest(), DRAG_REST);
  }

  /** The threshold is no longer dragged: the grid follows it. */
  private rest(): void {
    clearTimeout(this.restTimer);
    this.restTimer = undefined;
    this.store.update({ gridThreshold: null });
    this.dropHidden();
  }

  /**
   * Shows other images in the grid, which a narrow window brings to the front; where the current one is not among them, the
   * nearest of them becomes it.
   */
  setFilter(patch: Partial<Filter>): void {
    this.rest();
    const before = this.state.view.filter;
    const filter = { ...before, ...patch, types: [...(patch.types ?? before.types)] } as ViewState['filter'];
    this.setView({ filter, front: 'grid' });
    this.choose(broughtIntoView(this.state, this.derived.order, this.derived.visible));
    this.say(l10n.t('{0} of {1} images', this.derived.visible.length, this.derived.table.size));
  }

  clearFilter(): void {
    this.setFilter(NO_FILTER);
  }

  /** The same for a button that stays pressed: again, it shows all. */
  toggleOnly(show: Show): void {
    this.showOnly({ show: this.state.view.filter.show === show ? 'all' : show });
  }

  /** Shows what a button has counted in the whole run: nothing else is filtered by. */
  showOnly(filter: Partial<Filter>): void {
    this.setFilter({ ...NO_FILTER, ...filter });
  }

  /** Shows only one chip's images; the same chip again shows all. */
  toggleShow(show: Show): void {
    this.setFilter({ show: this.state.view.filter.show === show ? 'all' : show });
  }

  /** Makes an image the current one. `extend`: Shift, from the anchor; `toggle`: Ctrl, which also takes one out again. */
  select(image: number, how: 'only' | 'extend' | 'toggle' = 'only'): void {
    if (this.derived.table.path[image] === undefined) return;
    const { visible } = this.derived;
    if (how === 'toggle') return this.choose(withoutHidden(toggled(this.state, image, visible), visible));
    const { anchor } = this.state;
    const [a, b] = how === 'extend' && anchor !== null ? [visible.indexOf(anchor), visible.indexOf(image)] : [-1, -1];
    if (a < 0 || b < 0) return this.choose(alone(image));
    this.choose({ current: image, selection: new Set(visible.subarray(Math.min(a, b), Math.max(a, b) + 1)), anchor });
  }

  /** Makes an image of those with a label to check the current one: decisions go on among them. */
  check(image: number): void {
    this.select(image);
    this.labelling.check();
  }

  /** Selects every image that the grid shows. */
  selectAll(): void {
    const { order, visible } = this.derived;
    if (visible.length === 0) return;
    const { current, anchor } = broughtIntoView(alone(this.state.current), order, visible);
    this.choose({ current, selection: new Set(visible), anchor });
    this.say(l10n.t('{0} images selected', visible.length));
  }

  /** Makes other images the selected ones. */
  choose({ current, selection, anchor }: Selection): void {
    if (current !== this.state.current) this.labelling.moved();
    this.store.update({ current, selection, anchor });
    this.setView({ current: current === null ? null : this.derived.table.path[current] });
  }

  /**
   * Nothing that the grid has come to hide stays selected, but for the current image while its picture is shown; or in any case, where
   * it `stays`.
   */
  dropHidden(stays = false): void {
    if (this.state.phase.kind !== 'open') return;
    if (!stays && this.isCurrentLost)
      return this.choose(broughtIntoView(this.state, this.derived.order, this.derived.visible));
    if (this.state.selection.size <= 1) return;
    const { current, selection, anchor } = withoutHidden(this.state, this.derived.visible);
    this.store.update({ current, selection, anchor });
  }

  /** Whether the grid shows images, but neither it nor a pane the current one. */
  private get isCurrentLost(): boolean {
    const { visible } = this.derived;
    const { current } = this.state;
    return current !== null && visible.length > 0 && !visible.includes(current) && !this.hasRoomForPicture;
  }

  /** Whether what is shown has the current picture in it: Compare, as soon as the other run is here. */
  private get hasRoomForPicture(): boolean {
    const { pane, front, compared } = this.state.view;
    if (pane === 'metrics' || (pane === 'compare' && compared === null)) return false;
    return front === 'pane' || !this.page.isNarrow();
  }

  /** Whether the current picture is shown large, whatever the grid shows. */
  private get showsPicture(): boolean {
    return this.hasRoomForPicture && (this.state.view.pane !== 'compare' || this.state.other !== null);
  }

  /** Whether a review is in sight, which goes through the whole run, whatever the grid shows. */
  get isReviewing(): boolean {
    return this.state.view.pane === 'review' && this.showsPicture;
  }

  /** The image `offset` places further in the grid's order; from a hidden one, the nearest that the grid shows. */
  step(offset: number): void {
    const { order, visible } = this.derived;
    const { current } = this.state;
    if (visible.length === 0) return;
    const to = current === null ? undefined : this.further(current, offset);
    if (to === undefined) return this.choose(broughtIntoView(alone(current), order, visible));
    this.select(to);
  }

  /**
   * The image `offset` places further than another in the grid's order; from one that has just been decided on, further than where
   * that was, as its label may have moved it; the first and the last one stay. Undefined: the grid hides it.
   */
  further(image: number, offset: number): number | undefined {
    const { visible } = this.derived;
    const next = image === this.state.current ? this.labelling.neighbour(offset) : undefined;
    if (next === null && visible.includes(image)) return image;
    const moved = visible.indexOf(next ?? -1);
    const [at, rest] = moved < 0 ? [visible.indexOf(image), offset] : [moved, offset - Math.sign(offset)];
    // A step down from the last full row goes to the last image, not nowhere.
    return at < 0 ? undefined : visible[clamp(at + rest, 0, visible.length - 1)];
  }

  /** The images that are likely to be the next: where a review goes on, and where arrows go. */
  likelyNext(image: number): number[] {
    const next = this.isReviewing ? this.labelling.ahead(image) : null;
    const likely = [next, this.further(image, 1), this.further(image, -1)];
    return [...new Set(likely)].filter((one): one is number => typeof one === 'number' && one !== image);
  }

  /** Goes to the image where a decision helps most. */
  reviewNext(): void {
    const next = nextToReview(this.derived.facts, this.state.current);
    if (next === null) return this.say(nothingToReview(this.derived.facts), true);
    this.setView({ pane: this.state.view.pane === 'review' ? 'review' : 'image', front: 'pane' });
    this.select(next);
  }

  /** Gives the selection a label; null clears it. Undone and redone by the editor. */
  label(label: Label | null): void {
    const unseen = this.broughtIntoSight();
    if (unseen !== null) return this.say(unseen, true);
    this.labelling.label(label, [...this.state.selection]);
  }

  /**
   * Nobody decides on what he doesn't see: null where a selected image is in sight, and else why nothing is labelled. The current
   * image, where the grid has it, is in sight after that.
   */
  private broughtIntoSight(): string | null {
    if (this.showsPicture) return null;
    const { visible } = this.derived;
    const { current, selection, view } = this.state;
    const nothing = l10n.t('No image is in sight: nothing was labelled.');
    if (visible.length === 0) return l10n.t('No image passes the filter.');
    if (this.page.isNarrow() && view.front !== 'grid') return nothing;
    if (!this.grid || this.grid.shows(selection)) return null;
    // Its own label may have hidden it: it can be decided on otherwise.
    if (current === null || !visible.includes(current)) return this.labelling.hasDecided ? null : nothing;
    this.grid.bring(current);
    return l10n.t('The image was out of sight: it is shown now, and nothing was labelled.');
  }

  /** Something the editor does, with what it needs to know for it. */
  command(name: PanelRequest<'command'>['name'], more: Omit<PanelRequest<'command'>, 'name'> = {}): void {
    this.channel.call('command', { name, ...more }).catch((error: unknown) => {
      if (!(error instanceof CancelledError)) this.say(error instanceof Error ? error.message : String(error), true);
    });
  }

  /** How a job ended is known, and told no more, here and to the next page. */
  dismissJob(): void {
    this.store.update({ job: null });
    this.channel.call('dismissJob', {}).catch(() => undefined);
  }

  /** Exports the run; what marks defects does so from the threshold shown here, and what draws heat can draw it as here. */
  exportRun(): void {
    const { threshold, mapThreshold, scale, snapshot } = this.derived;
    const { opacity, ...heat } = this.state.view.heat;
    const colormap = heat.colormap ?? snapshot.settings.colormap;
    const own = (heat.scale ?? snapshot.settings.heatmapScale) === 'picture';
    const marks = { score: threshold.value, map: mapThreshold };
    this.command('export', {
      ...(areFinite(marks) ? { threshold: marks } : {}),
      ...(own || areFinite(scale) ? { heat: { colormap, opacity, scale: own ? null : scale } } : {}),
    });
  }

  say(text: string, error = false): void {
    this.store.update({ notice: { text, error } });
  }
}

const areFinite = (numbers: object): boolean => Object.values(numbers).every(Number.isFinite);

/** The images whose files are not there, or others by now. */
const imagesOf = ({ missing, changed }: Pick<PanelSnapshot, 'missing' | 'changed'>) => ({
  missing: new Set(missing.map(([image]) => image)),
  changed: new Set(changed),
});

/** Whether two snapshots are of one run, with its pictures in one place. */
const isSameRun = ({ run: a }: PanelSnapshot, { run: b }: PanelSnapshot): boolean =>
  a.id === b.id && a.createdAt === b.createdAt && a.root === b.root;
