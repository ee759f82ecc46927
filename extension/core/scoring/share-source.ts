import { throwIfAborted } from '../errors';
import type { FeatureSource } from './feature-source';
import { FeatureStore, type SharedFeatureSource } from './feature-store';

/** A source that workers can read: itself where it already is one, otherwise a copy in memory or, beyond the budget, on disk. */
export async function shareSource(
  source: FeatureSource,
  options: { memoryBytes: number; scratchFolder: string; signal?: AbortSignal },
): Promise<{ source: SharedFeatureSource; close(): Promise<void> }> {
  if (isShared(source)) return { source, close: () => Promise.resolve() };
  const { images, grid, channels } = source;
  const store = await FeatureStore.create({ images, grid, channels: [channels], ...options });
  try {
    for (let image = 0; image < images; image++) {
      throwIfAborted(options.signal);
      store.put(image, 0, await source.load(image));
    }
  } catch (error) {
    await store.close();
    throw error;
  }
  return { source: store.source(0), close: () => store.close() };
}

const isShared = (source: FeatureSource): source is SharedFeatureSource => 'shared' in source;

/** Whether a source's features are read from a file. */
export const isOnDisk = (source: FeatureSource): boolean => isShared(source) && source.shared.place.kind === 'file';
