import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { isPictureName } from '../image/format';
import type { Protocol } from '../settings';
import type { Dataset, DatasetImage, Layout, Truth } from './dataset';
import type { FolderReader } from './folder-reader';
import { checkReach } from './mask-reach';
import { pairMasks } from './mask-pairs';
import { findName, pictureCount, some } from './names';

/** How a category is read. */
export interface CategoryReading {
  readonly reader: FolderReader;
  /** Of its masks. */
  readonly maskReader: FolderReader;
  readonly protocol: Protocol;
}

/** MVTec AD and BTAD differ in the names of good and defect folders only. */
export type FolderedLayout = 'mvtec' | 'btad';

/** A layout's name for people. */
export const layoutName = (layout: Layout): string =>
  layout === 'folder' ? l10n.t('plain folder') : { mvtec: 'MVTec AD', btad: 'BTAD', visa: 'VisA' }[layout];

/** A category's parts that exist, absolute. */
export interface CategoryFolders {
  readonly layout: FolderedLayout;
  /** `CATEGORY`, null for a `test` folder that lies in none. */
  readonly category: string | null;
  readonly test: string;
  /** `CATEGORY/ground_truth` or the folder given for masks. */
  readonly masks: string | null;
}

const truthOf = (type: string, layout: FolderedLayout): Truth =>
  type.toLowerCase() === (layout === 'btad' ? 'ok' : 'good') ? 'good' : 'defect';

/** Whether these names of type folders are BTAD's. */
export const isBtad = (types: readonly string[]): boolean =>
  types.length > 0 && types.every((t) => /^(ok|ko)$/i.test(t));

/**
 * The parts of a category at `folder`, or null where it has not the shape of one: a `test` folder of type folders, BTAD's
 * `ok` and `ko`, or any with `good` among them or a `ground_truth` beside.
 */
export async function categoryFolders(folder: string, reader: FolderReader): Promise<CategoryFolders | null> {
  const { folders } = await reader.list(folder);
  const name = findName(folders, 'test');
  if (name === undefined) return null;
  const test = path.join(folder, name);
  const types = (await reader.list(test)).folders;
  if (types.length === 0) return null;
  const truth = findName(folders, 'ground_truth');
  const layout = isBtad(types) ? 'btad' : 'mvtec';
  if (layout === 'mvtec' && truth === undefined && findName(types, 'good') === undefined) return null;
  return { layout, category: folder, test, masks: truth === undefined ? null : path.join(folder, truth) };
}

const relative = (root: string, target: string) => path.relative(root, target).split(path.sep).join('/');

/** One type folder's pictures, in order, with their masks. */
async function typeImages(
  parts: CategoryFolders,
  type: string,
  root: string,
  { reader, maskReader, protocol }: CategoryReading,
) {
  const folder = path.join(parts.test, type);
  const listing = await reader.list(folder);
  const pictures = listing.files.filter(isPictureName);
  const truth = truthOf(type, parts.layout);
  const notes: string[] = [];
  if (listing.folders.length) notes.push(l10n.t('Folders inside {0} are not used: {1}.', type, some(listing.folders)));
  let masks: readonly (string | null)[] = pictures.map(() => null);
  if (truth === 'defect' && parts.masks !== null) {
    const name = findName((await maskReader.list(parts.masks)).folders, type);
    const maskFolder = path.join(parts.masks, name ?? type);
    const pairs = pairMasks(pictures, (await maskReader.list(maskFolder)).files, protocol, type);
    masks = pairs.masks.map((m) => (m === null ? null : relative(root, path.join(maskFolder, m))));
    notes.push(...pairs.notes);
  }
  const images = pictures.map((p, i): DatasetImage => ({
    path: relative(root, path.join(folder, p)),
    type,
    truth,
    mask: masks[i],
  }));
  return { images, notes };
}

/** What else lies in a category and is not used, in sentences. */
async function oddities(
  parts: CategoryFolders,
  types: readonly string[],
  { reader, maskReader }: CategoryReading,
): Promise<string[]> {
  const notes: string[] = [];
  const loose = (await reader.list(parts.test)).files.filter(isPictureName);
  if (loose.length)
    notes.push(
      loose.length === 1
        ? l10n.t('1 picture directly in the test folder not used: {0}.', some(loose))
        : l10n.t('{0} pictures directly in the test folder not used: {1}.', loose.length, some(loose)),
    );
  if (parts.masks === null) notes.push(l10n.t('There is no ground_truth folder, so pixels cannot be judged.'));
  else {
    const extra = (await maskReader.list(parts.masks)).folders.filter((f) => findName(types, f) === undefined);
    if (extra.length) notes.push(l10n.t('Masks without a folder of pictures: {0}.', some(extra)));
  }
  if (parts.category === null) return notes;
  const { files, folders } = await reader.list(parts.category);
  if (findName(folders, 'train') !== undefined) notes.push(l10n.t('The train folder is not used: nothing is trained.'));
  const pictures = files.filter(isPictureName);
  if (pictures.length)
    notes.push(
      pictures.length === 1
        ? l10n.t('1 picture beside the test folder not used: {0}.', some(pictures))
        : l10n.t('{0} pictures beside the test folder not used: {1}.', pictures.length, some(pictures)),
    );
  return notes;
}

function categoryNote(layout: FolderedLayout, images: number, types: readonly string[]): string {
  const [name, pictures] = [layoutName(layout), pictureCount(images)];
  return types.length === 1
    ? l10n.t('Recognised as one category of {0}: {1} of 1 type ({2}).', name, pictures, some(types))
    : l10n.t('Recognised as one category of {0}: {1} of {2} types ({3}).', name, pictures, types.length, some(types));
}

const typeNote = (layout: FolderedLayout, type: string): string =>
  truthOf(type, layout) === 'good'
    ? l10n.t(
        'Recognised as the pictures of one type ({0}) of a category of {1}: only they score each other, and all count as good.',
        type,
        layoutName(layout),
      )
    : l10n.t(
        'Recognised as the pictures of one type ({0}) of a category of {1}: only they score each other, and all count as defect.',
        type,
        layoutName(layout),
      );

/**
 * A category of MVTec AD or BTAD as a data set with paths relative to `root`; only the type folder `only`, where one is named.
 */
export async function loadCategory(
  parts: CategoryFolders,
  root: string,
  only: string | null,
  reading: CategoryReading,
): Promise<Dataset> {
  if (parts.masks !== null) await checkReach(root, parts.masks);
  const all = (await reading.reader.list(parts.test)).folders;
  const types = only === null ? all : [only];
  const found = await Promise.all(types.map((type) => typeImages(parts, type, root, reading)));
  const images = found.flatMap((f) => f.images);
  const category = parts.category === null ? null : path.basename(parts.category);
  const name = category ?? path.basename(root);
  const empty = types.filter((_, i) => found[i].images.length === 0);
  const notes = [
    only === null ? categoryNote(parts.layout, images.length, types) : typeNote(parts.layout, only),
    ...(empty.length ? [l10n.t('Type folders without pictures: {0}.', some(empty))] : []),
    ...found.flatMap((f) => f.notes),
    ...(only === null ? await oddities(parts, all, reading) : []),
  ];
  return { root, layout: parts.layout, category, name: only === null ? name : `${name}/${only}`, images, notes };
}
