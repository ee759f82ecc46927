import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import pLimit from 'p-limit';
import { cells } from '../array/grid';
import { ByteBudget } from '../byte-budget';
import { MuscError, throwIfAborted } from '../errors';
import { isPictureName } from '../image/format';
import { nativeMask } from '../image/mask';
import { pictureSize } from '../image/source';
import type { Dataset, DatasetImage, Truth } from './dataset';
import { isInside, type FolderReader } from './folder-reader';
import { checkReach } from './mask-reach';
import { byCodeUnit, findName, pictureCount, some, stem } from './names';

/** Folders listed, and masks read, at once. */
const PARALLEL = 16;
/** Bytes that the masks read at once may take, decoded and as truth: sixteen of 3 megapixels, or one that takes more alone. */
const DECODED = 2 ** 28;
/** Endings that tell a mask from a picture (SPEC 9, and others seen). */
const MASK_ENDING = /[_-](mask|gt|label)$/;

interface Found {
  /** Relative folder, "" at the top, forward slashes. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** The masks of a folder that was named. */
interface MaskFiles {
  /** Absolute; `files` are relative to it, with forward slashes. */
  readonly folder: string;
  readonly files: readonly string[];
  /** What was left out on the way. */
  readonly notes: readonly string[];
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

/** Those of the files whose name is asked for, and the folders that have any. */
const only = (found: readonly Found[], wanted: (name: string) => boolean): Found[] =>
  found.map((one) => ({ ...one, names: one.names.filter(wanted) })).filter(({ names }) => names.length > 0);

/** All files, relative, forward slashes. */
const filesOf = (found: readonly Found[]): string[] =>
  found.flatMap(({ folder, names }) => names.map((name) => (folder === '' ? name : `${folder}/${name}`)));

/**
 * Where a folder lies in `root`, forward slashes, "" for `root` itself, null for elsewhere: whatever the case of the letters it is
 * spelled with, and whatever links lead to either.
 */
async function placeIn(root: string, folder: string): Promise<string | null> {
  const [realRoot, real] = await Promise.all([root, folder].map((one) => realpath(one)));
  return isInside(realRoot, real) ? path.relative(realRoot, real).split(path.sep).join('/') : null;
}

/** A name as it is compared: systems differ in case, and in how they write letters with marks. */
const folded = (name: string): string => stem(name).normalize('NFC').toLowerCase();

const isMaskName = (name: string): boolean => MASK_ENDING.test(folded(name));

/**
 * The masks below a folder that lies at `place` in that of the pictures (null: elsewhere). Where both are one, those that are named as
 * masks; around the pictures, what lies beside them: no picture is a mask of itself. Throws SETTING_INVALID where there is none, or
 * where a run could not find them again.
 */
async function listMasks(
  root: string,
  masks: string,
  place: string | null,
  reader: FolderReader,
  readerOf: (border: string) => FolderReader,
): Promise<MaskFiles> {
  const folder = place === null ? masks : path.join(root, place);
  await checkReach(root, folder);
  if (place === null) {
    const own = readerOf(folder);
    const files = filesOf(await walk(folder, await placeIn(folder, root), own));
    return { folder, files, notes: own.notes() };
  }
  const found = await walk(folder, null, reader);
  const files = filesOf(place === '' ? only(found, isMaskName) : found);
  if (place === '' && files.length === 0)
    throw new MuscError('SETTING_INVALID', l10n.t('the folder of masks is that of the pictures'), {
      where: masks,
      hint: l10n.t('give the masks a folder of their own, or name them as their pictures with _mask at the end'),
    });
  return { folder, files, notes: [] };
}

/** The values that are there once, by their key. */
function unique<T>(all: readonly T[], keys: (one: T) => readonly string[]): ReadonlyMap<string, T> {
  const found = new Map<string, T | null>();
  for (const one of all) for (const key of new Set(keys(one))) found.set(key, found.has(key) ? null : one);
  return new Map([...found].flatMap(([key, one]) => (one === null ? [] : [[key, one] as const])));
}

/**
 * Masks by picture path, and those that belong to no picture: at the same relative path, or by name alone where it is the only mask
 * and the only picture of that name.
 */
function matchMasks(masks: readonly string[], images: readonly string[]) {
  const keysOf = (mask: string) => [folded(mask), folded(mask).replace(MASK_ENDING, '')];
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

/** Reads truths as fast as memory bears: of small masks many at once, of large ones fewer. */
function truthReader(signal: AbortSignal | undefined): (mask: string) => Promise<Truth> {
  const [limit, decoding] = [pLimit(PARALLEL), new ByteBudget(DECODED)];
  return (mask) =>
    limit(async () => {
      throwIfAborted(signal);
      const size = await pictureSize(mask).catch(() => null);
      return decoding.during(size === null ? 0 : size.bytes + cells(size), () => truthOf(mask, signal));
    });
}

async function addMasks(
  root: string,
  images: readonly DatasetImage[],
  { folder, files, notes }: MaskFiles,
  signal: AbortSignal | undefined,
) {
  const { found, unused } = matchMasks(
    files,
    images.map((image) => image.path),
  );
  if (found.size === 0)
    return { images, notes: [l10n.t('No mask has the name of a picture: there is no ground truth.'), ...notes] };
  const read = truthReader(signal);
  const paired = await Promise.all(
    images.map(async (image): Promise<DatasetImage> => {
      const own = found.get(image.path);
      if (own === undefined) return { ...image, truth: 'good' };
      const absolute = path.join(folder, own);
      const mask = path.relative(root, absolute).split(path.sep).join('/');
      const truth = await read(absolute);
      return { ...image, truth, mask: truth === 'good' ? null : mask };
    }),
  );
  const defects = paired.filter((i) => i.truth === 'defect').length;
  const unusedNotes = unused.length > 0 ? [unusedNote(unused)] : [];
  return { images: paired, notes: [markedNote(defects, images.length - defects), ...unusedNotes, ...notes] };
}

const markedNote = (defects: number, others: number): string =>
  defects === 1
    ? l10n.t('1 picture with a marked mask counts as a defect, the other {0} as good.', others)
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

/**
 * Any folder: every picture below it, recursively; types are the folders they lie in (SPEC 9). `masks` is absolute or null. Throws
 * SETTING_INVALID where it can't be a folder of masks.
 */
export async function loadPlain(
  root: string,
  masks: string | null,
  reader: FolderReader,
  readerOf: (border: string) => FolderReader,
  signal?: AbortSignal,
): Promise<Dataset> {
  const place = masks === null ? null : await placeIn(root, masks);
  const all = await walk(root, place || null, reader);
  const found = place === '' ? only(all, (name) => !isMaskName(name)) : all;
  const images = found.flatMap(({ folder, names }) =>
    names.map((name): DatasetImage => ({
      path: folder === '' ? name : `${folder}/${name}`,
      type: folder,
      truth: null,
      mask: null,
    })),
  );
  const notes = [plainNote(images.length, found), ...hints(root, found)];
  const name = path.basename(root);
  const dataset = { root, layout: 'folder', category: null, name } as const;
  if (masks === null) return { ...dataset, images, notes };
  const masked = await addMasks(root, images, await listMasks(root, masks, place, reader, readerOf), signal);
  return { ...dataset, images: masked.images, notes: [...notes, ...masked.notes] };
}
