import * as l10n from '@vscode/l10n';
import { CancelledError } from './channel';

/** What has failed, or stands for something that is not there, is asked for again this long after, ms, when it is still wanted. */
const RETRY_AFTER = 5000;

export interface BatchCacheOptions<T> {
  /** Most items in one request. */
  readonly batch: number;
  /** Requests under way at once. */
  readonly parallel: number;
  /** Items kept; the least recently used go first. */
  readonly capacity: number;
  /** Whether an item only says that there is nothing yet. */
  readonly isEmpty?: (item: T) => boolean;
}

/** Things loaded by image index, in batches, what is looked at first; scrolled-away work is dropped before it is asked for. */
export class BatchCache<T> {
  private readonly items = new Map<number, T>();
  private readonly errors = new Map<number, { readonly message: string; readonly at: number }>();
  /** When empty items were loaded. */
  private readonly emptySince = new Map<number, number>();
  private readonly underway = new Map<number, AbortController>();
  private readonly listeners = new Set<(images: readonly number[]) => void>();
  /** What is waited for, by who waits: the one image that is looked at must not be dropped because the grid scrolled. */
  private readonly queues = new Map<string, number[]>();
  private running = 0;
  private epoch = 0;

  /** `load` answers in the order asked, an Error for what fails by itself; where it rejects, all it was asked for has failed. */
  constructor(
    private readonly load: (images: number[], signal: AbortSignal) => Promise<readonly (T | Error)[]>,
    private readonly options: BatchCacheOptions<T>,
  ) {}

  /** The item if it is here. */
  peek(image: number): T | undefined {
    const item = this.items.get(image);
    if (item !== undefined) {
      this.items.delete(image);
      this.items.set(image, item);
    }
    return item;
  }

  /** Why an item could not be loaded. */
  errorOf(image: number): string | undefined {
    return this.errors.get(image)?.message;
  }

  /**
   * Replaces what `who` waits for: the first is loaded first. What is here or under way is left alone, and for a while what has
   * failed: it may be there after the engine was started again.
   */
  want(images: readonly number[], who = 'grid'): void {
    this.queues.set(
      who,
      images.filter((i) => !this.isHere(i) && !this.underway.has(i) && !this.failedLately(i)),
    );
    this.pump();
  }

  /** Called whenever items have arrived or failed, with what they belong to. */
  subscribe(listener: (images: readonly number[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Forgets everything: another run, another size, a moved folder. */
  clear(): void {
    this.epoch++;
    for (const controller of new Set(this.underway.values())) controller.abort();
    this.items.clear();
    this.emptySince.clear();
    this.errors.clear();
    this.underway.clear();
    this.queues.clear();
    this.running = 0;
  }

  private isHere(image: number): boolean {
    const since = this.emptySince.get(image);
    return this.items.has(image) && (since === undefined || performance.now() - since < RETRY_AFTER);
  }

  private failedLately(image: number): boolean {
    const error = this.errors.get(image);
    return error !== undefined && performance.now() - error.at < RETRY_AFTER;
  }

  private pump(): void {
    while (this.running < this.options.parallel) {
      // Small queues first: somebody looks at those images alone.
      const queue = [...this.queues.values()].filter((q) => q.length > 0).sort((a, b) => a.length - b.length)[0];
      if (!queue) return;
      const images = queue.splice(0, this.options.batch).filter((i) => !this.isHere(i) && !this.underway.has(i));
      if (images.length > 0) void this.loadBatch(images, this.epoch);
    }
  }

  private async loadBatch(images: number[], epoch: number): Promise<void> {
    const controller = new AbortController();
    this.running++;
    for (const image of images) this.underway.set(image, controller);
    try {
      const loaded = await this.load(images, controller.signal);
      if (epoch !== this.epoch) return;
      images.forEach((image, i) => this.settle(image, loaded[i]));
    } catch (error) {
      if (epoch !== this.epoch || error instanceof CancelledError) return;
      for (const image of images) this.fail(image, error instanceof Error ? error.message : String(error));
    } finally {
      if (epoch === this.epoch) {
        this.running--;
        for (const image of images) this.underway.delete(image);
        for (const listener of [...this.listeners]) listener(images);
        this.pump();
      }
    }
  }

  private settle(image: number, answer: T | Error | undefined): void {
    if (answer instanceof Error) this.fail(image, answer.message);
    else if (answer === undefined) this.fail(image, l10n.t('The editor did not answer for this image.'));
    else this.keep(image, answer);
  }

  private fail(image: number, message: string): void {
    this.errors.set(image, { message, at: performance.now() });
  }

  private keep(image: number, item: T): void {
    this.items.delete(image);
    this.items.set(image, item);
    this.errors.delete(image);
    if (this.options.isEmpty?.(item)) this.emptySince.set(image, performance.now());
    else this.emptySince.delete(image);
    if (this.items.size <= this.options.capacity) return;
    const oldest = this.items.keys().next();
    if (oldest.done) return;
    this.items.delete(oldest.value);
    this.emptySince.delete(oldest.value);
  }
}
