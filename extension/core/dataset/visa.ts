import path from 'node:path';
import { isPictureName } from '../image/format';
import type { Dataset, DatasetImage, Truth } from './dataset';
import type { FolderReader } from './folder-reader';
import { pairMasks } from './mask-pairs';
import { byCodeUnit, count, findName, some } from './names';
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

const truthOf = (label: string): Truth => (/^(normal|good|ok)$/i.test(label) ? 'good' : 'defect');

/**
 * The parts of a list's path as the disk spells them, or why it is not taken: it must stay below `root` by its text, and
 * every part of it must be in its folder's listing, which leaves links out of the border out.
 */
async function locate(root: string, listed: string, reader: FolderReader): Promise<string[] | 'outside' | 'missing'> {
  const parts = listed.replaceAll('\\', '/').split('/');
  if (/^([A-Za-z]:|\/)/.test(listed) || listed.includes('\0') || parts.includes('..')) return 'outside';
  const real: string[] = [];
  for (const [i, part] of parts.filter((p) => p !== '' && p !== '.').entries()) {
    const listing = await reader.list(path.join(root, ...real));
    const name = findName(i === parts.length - 1 ? listing.files : listing.folders, part);
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
    `Recognised as one category of VisA: ${count(sorted.length, 'test picture')} of the list split_csv/1cls.csv.`,
    ...(outside.length
      ? [
          `${count(outside.length, 'path')} of the list lead out of the category's folder and were refused: ${some(outside)}.`,
        ]
      : []),
    ...(missing.length ? [`${count(missing.length, 'file')} of the list do not exist: ${some(missing)}.`] : []),
    ...(maskless.length ? [`${count(maskless.length, 'defect picture')} without a mask: ${some(maskless)}.`] : []),
  ];
  return { root: path.join(root, object), layout: 'visa', category: object, name: object, images: sorted, notes };
}

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
      ? `Recognised as one category of VisA without its list (split_csv/1cls.csv beside it): all ${count(images.length, 'picture')}, labelled by folder (${some(types)}), not only the test pictures.`
      : `Recognised as the pictures of one type (${only}) of a category of VisA: only they score each other.`;
  return {
    root,
    layout: 'visa',
    category: name,
    name: only === null ? name : `${name}/${only}`,
    images,
    notes: [what, ...notes],
  };
}
