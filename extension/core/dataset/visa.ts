import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { isPictureName } from '../image/format';
import type { Dataset, DatasetImage, Truth } from './dataset';
import type { FolderReader } from './folder-reader';
import { pairMasks } from './mask-pairs';
import { byCodeUnit, findName, pictureCount, some } from './names';
import type { VisaRow } from './visa-list';

/** `CATEGORY/Data/Images` and `CATEGORY/Data/Masks`, absolute, as they are really spelt. */
export interface VisaFolders {
  readonly category: string;
  readonly images: string;
  readonly masks: string | null;
}

/** The parts of a VisA category at `folder`, or null where it has not the shape of one. */
export async function visaFolders(folder: string, reader: FolderReader): Promise<VisaFolders | null> {
  const data = findName((await reader.list(folder)).folders, 'Data');
  if (data === undefined) return null;
  const { folders } = await reader.list(path.join(folder, data));
  const images = findName(folders, 'Images');
  if (images === undefined) return null;
  const masks = findName(folders, 'Masks');
  return {
    category: folder,
    images: path.join(folder, data, images),
    masks: masks === undefined ? null : path.join(folder, data, masks),
  };
}

/**
 * Whether folders that are named as a category's really are one, where no list says so: masks, and good pictures among others. Many
 * a project has data/images.
 */
export async function looksLikeVisa({ images, masks }: VisaFolders, reader: FolderReader): Promise<boolean> {
  return masks !== null && (await reader.list(images)).folders.some((type) => truthOf(type) === 'good');
}

const truthOf = (label: string): Truth => (/^(normal|good|ok)$/i.test(label) ? 'good' : 'defect');

/**
 * The parts of a list's path as the disk spells them, or why it is not taken: it must stay below `root` by its text, and
 * every part of it must be in its folder's listing, which leaves links out of the border out.
 */
async function locate(root: string, listed: string, reader: FolderReader): Promise<string[] | 'outside' | 'missing'> {
  const parts = listed.replaceAll('\\', '/').split('/');
  if (/^([A-Za-z]:|\/)/.test(listed) || listed.includes('\0') || parts.includes('..')) return 'outside';
  const names = parts.filter((part) => part !== '' && part !== '.');
  const real: string[] = [];
  for (const [i, part] of names.entries()) {
    const listing = await reader.list(path.join(root, ...real));
    const name = findName(i === names.length - 1 ? listing.files : listing.folders, part);
    if (name === undefined) return 'missing';
    real.push(name);
  }
  return real;
}

/** One object of VisA's list as a data set with paths relative to its folder: the test pictures only, as the paper does. */
export async function loadListed(
  root: string,
  object: string,
  rows: readonly VisaRow[],
  reader: FolderReader,
): Promise<Dataset> {
  const [outside, missing, maskless]: [string[], string[], string[]] = [[], [], []];
  const images = new Map<string, DatasetImage>();
  const place = async (listed: string) => {
    const found = await locate(root, listed, reader);
    if (found === 'outside' || (found !== 'missing' && found[0] !== object)) outside.push(listed);
    else if (found === 'missing') missing.push(listed);
    else return found.slice(1).join('/');
    return null;
  };
  for (const row of rows) {
    if (row.object !== object || row.split.toLowerCase() !== 'test') continue;
    const image = await place(row.image);
    if (image === null) continue;
    const truth = truthOf(row.label);
    const mask = truth === 'defect' && row.mask !== '' ? await place(row.mask) : null;
    if (truth === 'defect' && mask === null) maskless.push(image);
    images.set(image, { path: image, type: row.label, truth, mask });
  }
  const sorted = [...images.values()].sort((a, b) => byCodeUnit(a.type, b.type) || byCodeUnit(a.path, b.path));
  const notes = [
    listedNote(sorted.length),
    ...(outside.length ? [outsideNote(outside)] : []),
    ...(missing.length ? [missingNote(missing)] : []),
    ...(maskless.length ? [masklessNote(maskless)] : []),
  ];
  return { root: path.join(root, object), layout: 'visa', category: object, name: object, images: sorted, notes };
}

const listedNote = (pictures: number): string =>
  pictures === 1
    ? l10n.t('Recognised as one category of VisA: 1 test picture of the list split_csv/1cls.csv.')
    : l10n.t('Recognised as one category of VisA: {0} test pictures of the list split_csv/1cls.csv.', pictures);

const outsideNote = (paths: readonly string[]): string =>
  paths.length === 1
    ? l10n.t("1 path of the list leads out of the category's folder and was refused: {0}.", some(paths))
    : l10n.t(
        "{0} paths of the list lead out of the category's folder and were refused: {1}.",
        paths.length,
        some(paths),
      );

const missingNote = (files: readonly string[]): string =>
  files.length === 1
    ? l10n.t('1 file of the list does not exist: {0}.', some(files))
    : l10n.t('{0} files of the list do not exist: {1}.', files.length, some(files));

const masklessNote = (pictures: readonly string[]): string =>
  pictures.length === 1
    ? l10n.t('1 defect picture without a mask: {0}.', some(pictures))
    : l10n.t('{0} defect pictures without a mask: {1}.', pictures.length, some(pictures));

/** A VisA category without the list, or one of its type folders (`only`): every picture, labelled by its folder. */
export async function loadUnlisted(
  { category, images: folder, masks }: VisaFolders,
  root: string,
  only: string | null,
  reader: FolderReader,
): Promise<Dataset> {
  const relative = (target: string) => path.relative(root, target).split(path.sep).join('/');
  const types = only === null ? (await reader.list(folder)).folders : [only];
  const notes: string[] = [];
  const images: DatasetImage[] = [];
  for (const type of types) {
    const names = (await reader.list(path.join(folder, type))).files.filter(isPictureName);
    const truth = truthOf(type);
    let found: readonly (string | null)[] = names.map(() => null);
    if (truth === 'defect' && masks !== null) {
      const maskFolder = path.join(masks, findName((await reader.list(masks)).folders, type) ?? type);
      const pairs = pairMasks(names, (await reader.list(maskFolder)).files, 'exact', type);
      found = pairs.masks.map((m) => (m === null ? null : relative(path.join(maskFolder, m))));
      notes.push(...pairs.notes);
    }
    names.forEach((n, i) => images.push({ path: relative(path.join(folder, type, n)), type, truth, mask: found[i] }));
  }
  const name = path.basename(category);
  const what =
    only === null
      ? l10n.t(
          'Recognised as one category of VisA without its list (split_csv/1cls.csv beside it): all {0}, labelled by folder ({1}), not only the test pictures.',
          pictureCount(images.length),
          some(types),
        )
      : l10n.t('Recognised as the pictures of one type ({0}) of a category of VisA: only they score each other.', only);
  return {
    root,
    layout: 'visa',
    category: name,
    name: only === null ? name : `${name}/${only}`,
    images,
    notes: [what, ...notes],
  };
}
