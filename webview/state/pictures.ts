import type { Channel } from './channel';
import type { Mask } from '../model/mask-outline';

/** Decoded pictures kept: the one shown and its neighbours in both directions, with room for going back and forth. */
const KEPT = 8;

/** A picture ready to be drawn. */
export interface Picture {
  readonly source: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

/** Things fetched one by one and kept for a while. A failed one is asked for again the next time. */
class Kept<T> {
  private readonly items = new Map<number, Promise<T>>();

  constructor(
    private readonly load: (image: number) => Promise<T>,
    private readonly capacity: number,
  ) {}

  get(image: number): Promise<T> {
    const known = this.items.get(image);
    if (known) {
      this.items.delete(image);
      this.items.set(image, known);
      return known;
    }
    const item = this.load(image);
    this.items.set(image, item);
    item.catch(() => this.items.delete(image));
    if (this.items.size > this.capacity) this.items.delete([...this.items.keys()][0]);
    return item;
  }

  has(image: number): boolean {
    return this.items.has(image);
  }

  clear(): void {
    this.items.clear();
  }
}

/** The full pictures and masks of a run. */
export class Pictures {
  private readonly pictures: Kept<Picture>;
  private readonly maskItems: Kept<Mask | null>;

  constructor(channel: Channel) {
    this.pictures = new Kept(async (image) => {
      const { uri, width, height } = await channel.call('picture', { image });
      const source = await decoded(uri);
      return { source, width, height };
    }, KEPT);
    this.maskItems = new Kept((image) => channel.call('mask', { image }), KEPT * 4);
  }

  picture(image: number): Promise<Picture> {
    return this.pictures.get(image);
  }

  mask(image: number): Promise<Mask | null> {
    return this.maskItems.get(image);
  }

  /** Whether an image's picture and mask are here or on their way: asking for them costs nothing. */
  has(image: number): boolean {
    return this.pictures.has(image) && this.maskItems.has(image);
  }

  clear(): void {
    this.pictures.clear();
    this.maskItems.clear();
  }
}

/** The picture at an address, decoded off the main thread. */
export async function decoded(uri: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.decoding = 'async';
  image.src = uri;
  await image.decode();
  return image;
}
