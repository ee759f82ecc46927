import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import pLimit from 'p-limit';
import { throwIfAborted } from '../errors';
import { isPictureName } from '../image/format';
import { nativeMask } from '../image/mask';
import type { Dataset, DatasetImage, Truth } from './dataset';
import { isInside, type FolderReader } from './folder-reader';
import { checkReach } from './mask-reach';
import { byCodeUnit, findName, pictureCount, some, stem } from './names';

/** Folders listed, and masks read, at once. */
const PARALLEL = 16;
/** Characters of a type kept: what a run file takes. */
const LONGEST_TYPE = 255;

interface Found {
  /** Relative folder, "" at the top, forward slashes. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** All folders with pictures below `root`, but none below `except` (relative). Links within the folder are not followed: what they lead to is found at its own place. */
async function walk(root: string, except: string | null, reader: FolderReader): Promise<Found[]> {
  const limit = pLimit(PARALLEL);
  const visit = async (folder: string): Promise<Found[]> => {
    if (folder === except) return [];
    const { files, folders, links } = await limit(() => reader.list(path.join(root, folder)));
    const names = files.filter((n) => isPictureName(n) && !links.has(n));
    const below = folders.filter((n) => !links.has(n)).map((n) => visit(folder === '' ? n : `${folder}/${n}`));
    return [...(names.length ? [{ folder, names }] : []), ...(await Promise.all(below)).flat()];
  };
  return (await visit('')).sort((a, b) => byCodeUnit(a.folder, b.folder));
}

/**
 * Where a folder lies below `root`, forward slashes, or null: whatever the case of the letters it is spelled with, and whatever links
 * lead to either.
 */
async function placeBelow(root: string, folder: string): Promise<string | null> {
  const [realRoot, real] = await Promise.all([root, folder].map((one) => realpath(one)));
  return real !== realRoot && isInside(realRoot, real) ? path.relative(realRoot, real).split(path.sep).join('/') : null;
}

/** A name as it is compared: systems differ in case, and in how they write letters with marks. */
const folded = (name: string): string => stem(name).normalize('NFC').toLowerCase();

/** The values that are there once, by their key. */
function unique<T>(all: readonly T[], keys: (one: T) => readonly string[]): ReadonlyMap<string, T> {
  const found = new Map<string, T | null>();
  for (const one of all) for (const key of new Set(keys(one))) found.set(key, found.has(key) ? null : one);
  return new Map([...found].flatMap(([key, one]) => (one === null ? [] : [[key, one] as const])));
}

/**
 * Masks of a folder by picture path, and those that belong to no picture: at the same relative path, or by name alone where it is the
 * only mask and the only picture of that name.
 */
async function findMasks(folder: string, images: readonly string[], reader: FolderReader) {
  const masks = (await walk(folder, null, reader)).flatMap(({ folder: below, names }) =>
    names.map((name) => (below === '' ? name : `${below}/${name}`)),
  );
  const keysOf = (mask: string) => [folded(mask), folded(mask).replace(/[_-](mask|gt|label)$/, '')];
  // a whole name before one without its ending: shirt.png has a mask of its own beside that of shirt_label.png
  const byPath = new Map([1, 0].flatMap((k) => masks.map((mask) => [keysOf(mask)[k], mask] as const)));
  const found = new Map<string, string>();
  for (const image of images) {
    const mask = byPath.get(folded(image));
    if (mask !== undefined) found.set(image, mask);
  }
  const taken = new Set(found.values());
  const byName = unique(masks, (mask) => keysOf(path.posix.basename(mask)));
  for (const [name, image] of unique(images, (one) => [folded(path.posix.basename(one))])) {
    const mask = byName.get(name);
    if (mask !== undefined && !found.has(image) && !taken.has(mask)) found.set(image, mask);
  }
  const used = new Set(found.values());
  return { found, unused: masks.filter((mask) => !used.has(mask)) };
}

/** A mask with nothing marked belongs to a good picture; one that can't be read is reported when the metrics need it. */
async function truthOf(mask: string, signal: AbortSignal | undefined): Promise<Truth> {
  throwIfAborted(signal);
  return nativeMask(mask, { signal }).then(
    ({ data }) => (data.includes(1) ? 'defect' : 'good'),
    () => 'defect',
  );
}

async function addMasks(
  root: string,
  images: readonly DatasetImage[],
  folder: string,
  maskReader: FolderReader,
  signal: AbortSignal | undefined,
) {
  await checkReach(root, folder);
  const { found, unused } = await findMasks(
    folder,
    images.map((image) => image.path),
    maskReader,
  );
  const limit = pLimit(PARALLEL);
  const paired = await Promise.all(
    images.map((image) =>
      limit(async (): Promise<DatasetImage> => {
        const own = found.get(image.path);
        if (own === undefined) return { ...image, truth: 'good' };
        const absolute = path.join(folder, own);
        const mask = path.relative(root, absolute).split(path.sep).join('/');
        const truth = await truthOf(absolute, signal);
        return { ...image, truth, mask: truth === 'good' ? null : mask };
      }),
    ),
  );
  const defects = paired.filter((i) => i.truth === 'defect').length;
  if (found.size === 0)
    return {
      images,
      notes: [l10n.t('No mask has the name of a picture: there is no ground truth.'), ...maskReader.notes()],
    };
  const notes = [markedNote(defects, images.length - defects), ...(unused.length > 0 ? [unusedNote(unused)] : [])];
  return { images: paired, notes: [...notes, ...maskReader.notes()] };
}

const markedNote = (defects: number, others: number): string =>
  defects === 1
    ? l10n.t('1 picture with a marked mask count as defects, the other {0} as good.', others)
    : l10n.t('{0} pictures with a marked mask count as defects, the other {1} as good.', defects, others);

const unusedNote = (masks: readonly string[]): string =>
  masks.length === 1
    ? l10n.t('1 mask belongs to no picture: {0}.', some(masks))
    : l10n.t('{0} masks belong to no picture: {1}.', masks.length, some(masks));

/** Hints at what the folder might have been meant as, instead of guessing. */
function hints(root: string, found: readonly Found[]): string[] {
  const tops = [...new Set(found.map((f) => f.folder.split('/')[0]))].filter(Boolean);
  const name = path.basename(root).toLowerCase();
  if (name === 'ground_truth')
    return [l10n.t('This looks like a folder of masks: choose the folder above it for the pictures.')];
  if (name === 'train')
    return [
      l10n.t('This looks like the train folder of a data set: its pictures are all good, and nothing is trained.'),
    ];
  if (tops.length > 1 && findName(tops, 'good') !== undefined)
    return [
      l10n.t(
        'The subfolders look like labels ({0}): choose the layout mvtec to take them as ground truth.',
        some(tops),
      ),
    ];
  if (tops.length > 1 && tops.every((t) => /^(ok|ko)$/i.test(t)))
    return [l10n.t('The subfolders look like labels (ok, ko): choose the layout btad to take them as ground truth.')];
  return [];
}

function plainNote(images: number, found: readonly Found[]): string {
  const pictures = pictureCount(images);
  if (found.length !== 1) return l10n.t('Recognised as a plain folder: {0} in {1} folders.', pictures, found.length);
  return found[0].folder === ''
    ? l10n.t('Recognised as a plain folder: {0}.', pictures)
    : l10n.t('Recognised as a plain folder: {0} in 1 folder.', pictures);
}

/** Any folder: every picture below it, recursively; types are the folders they lie in (SPEC 9). `masks` is absolute or null. */
export async function loadPlain(
  root: string,
  masks: string | null,
  reader: FolderReader,
  readerOf: (border: string) => FolderReader,
  signal?: AbortSignal,
): Promise<Dataset> {
  const inner = masks === null ? null : await placeBelow(root, masks);
  const found = await walk(root, inner, reader);
  const images = found.flatMap(({ folder, names }) =>
    names.map((name): DatasetImage => ({
      path: folder === '' ? name : `${folder}/${name}`,
      type: folder.slice(-LONGEST_TYPE),
      truth: null,
      mask: null,
    })),
  );
  const notes = [plainNote(images.length, found), ...hints(root, found)];
  const name = path.basename(root);
  const dataset = { root, layout: 'folder', category: null, name } as const;
  if (masks === null) return { ...dataset, images, notes };
  const [folder, border] = inner === null ? [masks, masks] : [path.join(root, inner), root];
  const masked = await addMasks(root, images, folder, readerOf(border), signal);
  return { ...dataset, images: masked.images, notes: [...notes, ...masked.notes] };
}
