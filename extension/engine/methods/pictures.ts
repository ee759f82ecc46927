import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { throwIfAborted, toMuscError } from '../../core/errors';
import { displayCopy } from '../../core/image/display-copy';
import { makeThumbnail } from '../../core/image/thumbnail';
import { runMask } from '../../core/pipeline/run-mask';
import type { Method } from '../dispatch';

/** Pictures decoded at once: they share libvips' own threads. */
const PARALLEL = 4;

/** Name of a cached file: changes with the picture, so that a re-saved picture is never shown stale. */
async function cacheKey(file: string, what: string): Promise<string> {
  const s = await stat(file);
  return createHash('sha256')
    .update(JSON.stringify([file, s.size, s.mtimeMs, what]))
    .digest('hex')
    .slice(0, 32);
}

/** The cached file, made first where it is missing. A reader never sees half of it. */
async function cached(target: string, make: () => Promise<Uint8Array>): Promise<string> {
  const there = await access(target).then(
    () => true,
    () => false,
  );
  if (there) {
    const now = new Date();
    await utimes(target, now, now).catch(() => undefined); // used lately: kept longer
    return target;
  }
  const temporary = `${target}.${randomUUID()}.tmp`;
  await mkdir(path.dirname(target), { recursive: true });
  try {
    await writeFile(temporary, await make());
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
  return target;
}

/** A reason per picture that can't be shown; the others are not held up by it. */
export const thumbnailsMethod: Method<'thumbnails'> = ({ files, size, cache }, { signal }) => {
  const limit = pLimit(PARALLEL);
  return Promise.all(
    files.map((file) =>
      limit(async () => {
        throwIfAborted(signal);
        try {
          const key = await cacheKey(file, `thumbnail ${size}`);
          return {
            file: await cached(path.join(cache, key.slice(0, 2), `${key}.webp`), () => makeThumbnail(file, size)),
          };
        } catch (error) {
          return { reason: toMuscError(error).message };
        }
      }),
    ),
  );
};

/** Formats that browsers show as they are need no copy; TIFF, 16 bit, CMYK and the like are converted once, as the run's protocol reads them. */
export const displayCopyMethod: Method<'displayCopy'> = async ({ file, cache, protocol = 'exact' }) => {
  const copy = await displayCopy(file, protocol);
  if (copy.bytes === null) return { file, width: copy.width, height: copy.height };
  const { bytes, extension, width, height } = copy;
  const key = await cacheKey(file, `display ${protocol}`);
  return {
    file: await cached(path.join(cache, key.slice(0, 2), `${key}${extension}`), async () => bytes),
    width,
    height,
  };
};

export const maskMethod: Method<'mask'> = ({ run, image, longest }) => runMask(run, image, longest);
