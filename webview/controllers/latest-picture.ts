import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Size } from '../model/geometry';
import type { Mask } from '../model/mask-outline';
import { CancelledError } from '../state/channel';
import type { Panel } from '../state/panel';
import { decoded, type Picture } from '../state/pictures';

/**
 * The current image's picture and mask: its thumbnail at once where there is one, the picture when it is decoded, and the
 * images before and after it ahead of time.
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

  hostUpdate(): void {
    const { state, derived } = this.panel();
    const run = derived.snapshot.run.id;
    if (state.current === this.image && run === this.run) return;
    this.image = state.current;
    this.run = run;
    [this.source, this.mask, this.size] = [null, null, null];
    [this.problem, this.maskProblem] = [undefined, undefined];
    if (this.image !== null) void this.load(this.image);
  }

  private async load(image: number): Promise<void> {
    const panel = this.panel();
    if (panel.maps.peek(image) === undefined) panel.maps.want([image], 'image');
    const latest = () => this.image === image;
    const small = [512, 256, 128].map((s) => panel.thumbnails(s as 128 | 256 | 512).peek(image)?.uri).find((u) => u);
    const picture = panel.pictures.picture(image);
    const mask = panel.pictures.mask(image);
    let arrived = false;
    if (small)
      void decoded(small).then(
        (source) => {
          if (latest() && !arrived) this.show({ source });
        },
        () => undefined,
      );
    mask.then(
      (found) => {
        if (latest() && found) this.show({ mask: found });
      },
      (error: unknown) => {
        if (latest()) this.show({ maskProblem: reasonOf(error) });
      },
    );
    try {
      const { source, width, height }: Picture = await picture;
      arrived = true;
      if (latest()) this.show({ source, size: { width, height } });
    } catch (error) {
      if (latest()) this.show({ problem: reasonOf(error) });
    }
    if (latest()) this.prefetch(image);
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

  /** The next and the previous image of the grid, so that arrows find them ready. */
  private prefetch(image: number): void {
    const { derived, pictures } = this.panel();
    const { visible } = derived;
    const at = visible.indexOf(image);
    for (const near of [at + 1, at - 1]) {
      if (at < 0 || near < 0 || near >= visible.length) continue;
      pictures.picture(visible[near]).catch(() => undefined);
      pictures.mask(visible[near]).catch(() => undefined);
    }
  }
}

/** Why something could not be loaded; undefined: it is no longer wanted. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof CancelledError) return undefined;
  return error instanceof Error ? error.message : String(error);
}
