import { setImmediate as turn } from 'node:timers/promises';
import { MuscError, toMuscError } from '../errors';
import type { CachedFeatures } from './feature-cache';
import type { PictureOutcome } from './read-features';

interface Asked {
  readonly image: number;
  resolve(features: CachedFeatures): void;
  reject(error: MuscError): void;
}

/** Features of pictures that are asked for one by one: those that wait at the same time are read in one go, in batches. */
export class ReadTogether {
  #asked: Asked[] = [];
  #reading = false;

  /** `readAll`: what became of these pictures, in order. */
  constructor(private readonly readAll: (images: readonly number[]) => AsyncIterable<PictureOutcome>) {}

  /** A picture's features. Throws PICTURE_UNREADABLE, or what `readAll` throws. */
  read(image: number): Promise<CachedFeatures> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ image, resolve, reject });
      if (!this.#reading) void this.#readAsked();
    });
  }

  async #readAsked(): Promise<void> {
    this.#reading = true;
    await turn(); // what is asked for in the same turn comes along
    while (this.#asked.length > 0) await this.#readBatch(this.#asked.splice(0));
    this.#reading = false;
  }

  async #readBatch(batch: readonly Asked[]): Promise<void> {
    let next = 0;
    try {
      for await (const outcome of this.readAll(batch.map(({ image }) => image))) {
        const { resolve, reject } = batch[next++];
        if (outcome.kind === 'features') resolve(outcome.features);
        else reject(new MuscError('PICTURE_UNREADABLE', outcome.reason, { where: outcome.image.path }));
      }
      for (const { reject } of batch.slice(next)) reject(new MuscError('INTERNAL', 'a picture gave no features'));
    } catch (error) {
      for (const { reject } of batch.slice(next)) reject(toMuscError(error));
    }
  }
}
