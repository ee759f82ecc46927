import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Size } from '../model/geometry';
import type { Mask } from '../model/mask-outline';
import { CancelledError } from '../state/channel';
import type { Panel } from '../state/panel';
import { decoded, type Picture } from '../state/pictures';

/** Images that follow each other faster (ms) are passed by: a held key repeats every 30 ms, on a Mac every 90. */
const PASSING = 120;
/** From the largest to the smallest. */
const THUMBNAILS = [512, 256, 128] as const;
/** Asked for where there is none of any size. */
const THUMBNAIL = 256;

/**
 * The current image's picture and mask: its thumbnail at once where there is one, the picture when it is decoded, and what is likely
 * looked at next ahead of time. Of images that are passed by only the thumbnails are shown.
 */
export class LatestPicture implements ReactiveController {
  source: CanvasImageSource | null = null;
  mask: Mask | null = null;
  problem: string | undefined;
  /** Why the mask can't be read. */
  maskProblem: string | undefined;
  private size: Size | null = null;
  private image: number | null = null;
  private run: string | undefined;
  /** The labels that were there when the next images were loaded ahead; null before that. */
  private labels: Int8Array | null = null;
  /** When the image became the current one, ms. */
  private since = -Infinity;
  private unlisten: (() => void)[] = [];

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly panel: () => Panel,
  ) {
    host.addController(this);
  }

  /** The picture's own size once it is known. */
  sizeOr(size: Size): Size {
    return this.size ?? size;
  }

  hostConnected(): void {
    const arrived = (images: readonly number[]) => {
      const { image, source, problem, maskProblem } = this;
      if (image === null || !images.includes(image)) return;
      if ((problem ?? maskProblem) !== undefined && this.thumbnailOf(image) !== undefined) this.tryAgain(image);
      else if (source === null) void this.showThumbnail(image);
    };
    this.unlisten = THUMBNAILS.map((size) => this.panel().thumbnails(size).subscribe(arrived));
  }

  hostDisconnected(): void {
    for (const stop of this.unlisten) stop();
  }

  hostUpdate(): void {
    const { state, derived } = this.panel();
    const run = derived.snapshot.run.id;
    if (state.current === this.image && run === this.run) return this.followLabels();
    this.image = state.current;
    this.run = run;
    [this.source, this.mask, this.size] = [null, null, null];
    [this.problem, this.maskProblem] = [undefined, undefined];
    this.labels = null;
    const [before, now] = [this.since, performance.now()];
    this.since = now;
    if (this.image !== null) void this.load(this.image, now - before < PASSING);
  }

  /** Its thumbnail is there after all: the drive is back, or the engine. */
  private tryAgain(image: number): void {
    [this.problem, this.maskProblem] = [undefined, undefined];
    void this.load(image, false);
  }

  /** `passing`: the image before was not looked at, and this one may not be either. */
  private async load(image: number, passing: boolean): Promise<void> {
    const panel = this.panel();
    if (panel.maps.peek(image) === undefined) panel.maps.want([image], 'image');
    const latest = () => this.image === image;
    void this.showThumbnail(image);
    const rest = passing ? new Promise((rested) => setTimeout(rested, PASSING)) : undefined;
    if (rest && !panel.pictures.has(image)) {
      if (this.thumbnailOf(image) === undefined) panel.thumbnails(THUMBNAIL).want([image], 'image');
      await rest;
      if (!latest()) return;
    }
    const picture = panel.pictures.picture(image);
    panel.pictures.mask(image).then(
      (found) => {
        if (latest() && found) this.show({ mask: found });
      },
      (error: unknown) => {
        if (latest()) this.show({ maskProblem: reasonOf(error) });
      },
    );
    try {
      const { source, width, height }: Picture = await picture;
      if (latest()) this.show({ source, size: { width, height } });
    } catch (error) {
      if (latest()) this.show({ problem: reasonOf(error) });
    }
    await rest;
    if (latest()) this.prefetch(image);
  }

  /** The thumbnail that is here, for as long as the picture is not. */
  private async showThumbnail(image: number): Promise<void> {
    const uri = this.thumbnailOf(image);
    if (uri === undefined) return;
    const source = await decoded(uri).catch(() => undefined);
    if (source && this.image === image && this.size === null) this.show({ source });
  }

  private thumbnailOf(image: number): string | undefined {
    const panel = this.panel();
    return THUMBNAILS.map((size) => panel.thumbnails(size).peek(image)?.uri ?? undefined).find((uri) => uri);
  }

  private show(
    what: Partial<Pick<LatestPicture, 'source' | 'mask' | 'problem' | 'maskProblem'> & { size: Size }>,
  ): void {
    if (what.source) this.source = what.source;
    if (what.size) this.size = what.size;
    if (what.mask) this.mask = what.mask;
    if (what.problem) this.problem = what.problem;
    if (what.maskProblem) this.maskProblem = what.maskProblem;
    this.host.requestUpdate();
  }

  private prefetch(image: number): void {
    const panel = this.panel();
    this.labels = panel.state.labels;
    const upcoming = panel.likelyNext(image);
    for (const one of upcoming) {
      panel.pictures.picture(one).catch(() => undefined);
      panel.pictures.mask(one).catch(() => undefined);
    }
    panel.maps.want(upcoming, 'ahead');
    panel.thumbnails(THUMBNAIL).want(
      upcoming.filter((one) => this.thumbnailOf(one) === undefined),
      'ahead',
    );
  }

  /** A review that stays at the image that was decided on goes on elsewhere from then on. */
  private followLabels(): void {
    const { state, isReviewing } = this.panel();
    if (this.labels === null || this.image === null || !isReviewing || this.labels === state.labels) return;
    this.prefetch(this.image);
  }
}

/** Why something could not be loaded; undefined: it is no longer wanted. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof CancelledError) return undefined;
  return error instanceof Error ? error.message : String(error);
}
