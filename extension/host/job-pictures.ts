import type { EngineResults } from '../protocol/engine';

/** Makes small versions of pictures: a file, or why there is none, for each. */
type MakeThumbnails = (files: readonly string[], signal: AbortSignal) => Promise<EngineResults['thumbnails']>;

/**
 * Small versions of the pictures that a job has read last. They are made beside the job, a batch at a time: what has come
 * meanwhile waits, and what has been overtaken is never made. The run's panel finds them in the cache afterwards.
 */
export class JobPictures {
  /** Absolute path -> small file, or null where none can be made. */
  readonly #made = new Map<string, string | null>();
  readonly #ended = new AbortController();
  #wanted: readonly string[] = [];
  #busy = false;

  constructor(
    private readonly make: MakeThumbnails,
    private readonly arrived: () => void,
  ) {}

  /** Sets which pictures to show, absolute paths, newest last. */
  want(files: readonly string[]): void {
    this.#wanted = files;
    if (!this.#busy) void this.#work();
  }

  /** Those of them that can be shown, newest last. */
  get shown(): { file: string; thumbnail: string }[] {
    return this.#wanted.flatMap((file) => {
      const thumbnail = this.#made.get(file);
      return thumbnail ? [{ file, thumbnail }] : [];
    });
  }

  dispose(): void {
    this.#ended.abort();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    try {
      for (;;) {
        const missing = this.#wanted.filter((file) => !this.#made.has(file));
        if (missing.length === 0 || this.#ended.signal.aborted) return;
        const made = await this.make(missing, this.#ended.signal);
        for (const file of this.#made.keys()) if (!this.#wanted.includes(file)) this.#made.delete(file);
        missing.forEach((file, i) => this.#made.set(file, 'file' in made[i] ? made[i].file : null));
        if (!this.#ended.signal.aborted) this.arrived();
      }
    } catch {
      // the pictures are a courtesy: without them the panel still tells how far the job is
    } finally {
      this.#busy = false;
    }
  }
}
