import pLimit from 'p-limit';
import { throwIfAborted, toMuscError } from '../../core/errors';
import { displayCopy } from '../../core/image/display-copy';
import { PictureCache } from '../../core/image/picture-cache';
import { makeThumbnail } from '../../core/image/thumbnail';
import { runMask } from '../../core/pipeline/run-mask';
import type { Method } from '../dispatch';

/** Pictures decoded at once: they share libvips' own threads. */
const PARALLEL = 4;

/** A large picture takes all cores for a while: one after the other the one that is waited for comes soonest. */
const conversions = pLimit(1);

const caches = new Map<string, PictureCache>();

/** The one cache in this folder: it keeps count of what it writes. */
function cacheIn(folder: string): PictureCache {
  const cache = caches.get(folder) ?? new PictureCache(folder);
  caches.set(folder, cache);
  return cache;
}

/** A reason per picture that can't be shown; the others are not held up by it. */
export const thumbnailsMethod: Method<'thumbnails'> = ({ files, size, cache, protocol }, { signal }) => {
  const limit = pLimit(PARALLEL);
  return Promise.all(
    files.map((file) =>
      limit(async () => {
        throwIfAborted(signal);
        try {
          const what = `thumbnail ${size} ${protocol}`;
          return { file: await cacheIn(cache).get(file, what, '.webp', () => makeThumbnail(file, size, protocol)) };
        } catch (error) {
          return { reason: toMuscError(error).message };
        }
      }),
    ),
  );
};

/** Formats that browsers show as they are need no copy; TIFF, 16 bit, CMYK and the like are converted once, as the run's protocol reads them. */
export const displayCopyMethod: Method<'displayCopy'> = async ({ file, cache, protocol }) => {
  const { make, extension, width, height } = await displayCopy(file, protocol);
  if (make === null) return { file, width, height };
  const shown = await cacheIn(cache).get(file, `display ${protocol}`, extension, () => conversions(make));
  return { file: shown, width, height };
};

export const maskMethod: Method<'mask'> = ({ run, image, longest }) => runMask(run, image, longest);
