import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError, toMuscError } from '../errors';
import type { Protocol } from '../settings';
import { categoryFolders, layoutName, loadCategory, type CategoryFolders } from './category';
import type { Dataset, Layout } from './dataset';
import { FolderReader, isInside } from './folder-reader';
import { byCodeUnit, findName, some } from './names';
import { loadPlain } from './plain';
import { recordable } from './recordable';
import { detectShape, type Shape } from './shape';
import { loadListed, loadUnlisted, visaFolders } from './visa';
import { readVisaList } from './visa-list';

/** Characters of a folder's name, on every system: a longer one in a list has no folder. */
const LONGEST_FOLDER = 255;

export interface RecogniseOptions {
  /** 'auto' tells by shape. */
  readonly layout?: 'auto' | Layout;
  /** Folder of masks: instead of `ground_truth`, or named as the pictures in a plain folder. */
  readonly masks?: string;
  /** Take one category of a data-set root. */
  readonly category?: string;
  /** How masks are paired; default 'exact'. */
  readonly protocol?: Protocol;
  readonly signal?: AbortSignal;
}

/** What a folder turned out to be. */
export interface Recognised {
  /** Absolute. */
  readonly folder: string;
  readonly layout: Layout;
  /** The folder is a data-set root of many categories, a category (or its `test` folder), one type, or plain. */
  readonly level: 'root' | 'category' | 'type' | 'folder';
  /** One per category, by name; a root gives all of them unless one was chosen. */
  readonly datasets: readonly Dataset[];
  /** What is to say about the folder as a whole; each data set has its own notes. */
  readonly notes: readonly string[];
}

/** Throws FOLDER_NOT_FOUND, saying `missing` or `other` where it is something else. */
async function checkFolder(folder: string, missing: string, other: string): Promise<void> {
  const found = await stat(folder).catch((error: unknown) => {
    const e = toMuscError(error, folder);
    throw e.code === 'FILE_IO'
      ? new MuscError('FOLDER_NOT_FOUND', missing, { where: folder, hint: l10n.t('check the path') })
      : e;
  });
  if (!found.isDirectory())
    throw new MuscError('FOLDER_NOT_FOUND', other, { where: folder, hint: l10n.t('give a folder') });
}

/** The chosen one of a root's categories, or all. Throws DATASET_UNCLEAR for a name that is not there. */
function choose(names: readonly string[], wanted: string | undefined, folder: string): readonly string[] {
  if (wanted === undefined) return names;
  const found = findName(names, wanted);
  if (found !== undefined) return [found];
  throw new MuscError('DATASET_UNCLEAR', l10n.t('there is no category {0}', wanted), {
    where: folder,
    hint: names.length ? l10n.t('choose one of {0}', some(names)) : l10n.t('leave the category out'),
  });
}

/** Throws SETTING_INVALID where masks that were named would not be used: VisA names its own in its list. */
function checkMasks(layout: Layout, masks: string | undefined): void {
  if (layout === 'visa' && masks !== undefined)
    throw new MuscError('SETTING_INVALID', l10n.t('VisA has masks of its own: another folder of masks is not used'), {
      where: path.resolve(masks),
      hint: l10n.t('leave it out, or choose the layout folder'),
    });
}

/**
 * A category of MVTec AD or BTAD. A masks folder that was named replaces its own; one outside of what is read anyway has a border of
 * its own, so that links within it are taken. Throws SETTING_INVALID for one that can't be a folder of masks.
 */
async function loadFoldered(
  parts: CategoryFolders,
  root: string,
  only: string | null,
  reader: FolderReader,
  { masks, protocol = 'exact', signal }: RecogniseOptions,
): Promise<Dataset> {
  if (masks === undefined) return loadCategory(parts, root, only, { reader, maskReader: reader, protocol });
  const folder = path.resolve(masks);
  const [real, test, border] = await Promise.all([folder, parts.test, reader.border].map((one) => realpath(one)));
  if (real === test)
    throw new MuscError('SETTING_INVALID', l10n.t('the folder of masks is that of the pictures'), {
      where: folder,
      hint: l10n.t('name the folder whose folders hold the masks of each type'),
    });
  const maskReader = isInside(border, real) ? reader : new FolderReader(folder, signal);
  const dataset = await loadCategory({ ...parts, masks: folder }, root, only, { reader, maskReader, protocol });
  return maskReader === reader ? dataset : { ...dataset, notes: [...dataset.notes, ...maskReader.notes()] };
}

async function loadShape(
  folder: string,
  shape: Shape,
  reader: FolderReader,
  options: RecogniseOptions,
): Promise<Omit<Recognised, 'folder'>> {
  const { masks, category, signal } = options;
  const { layout } = shape;
  checkMasks(layout, masks);
  const single = async (level: 'category' | 'type', dataset: Dataset) => {
    if (dataset.category !== null || category !== undefined)
      choose(dataset.category === null ? [] : [dataset.category], category, folder);
    return { layout, level, datasets: [dataset], notes: [] };
  };
  switch (shape.kind) {
    case 'plain': {
      choose([], category, folder);
      const dataset = await loadPlain(
        folder,
        masks === undefined ? null : path.resolve(masks),
        reader,
        (border) => new FolderReader(border, signal),
        signal,
      );
      return { layout, level: 'folder', datasets: [dataset], notes: [] };
    }
    case 'foldered':
      return single('category', await loadFoldered(shape.parts, folder, null, reader, options));
    case 'foldered-type':
      return single('type', await loadFoldered(shape.parts, folder, shape.type, reader, options));
    case 'visa-type':
      return single('type', await loadUnlisted(shape.parts, folder, shape.type, reader));
    case 'visa': {
      const list =
        shape.list === null ? null : (await readVisaList(shape.list)).filter((r) => r.object === path.basename(folder));
      if (list === null || list.length === 0)
        return single('category', await loadUnlisted(shape.parts, folder, null, reader));
      return single('category', await loadListed(path.dirname(folder), path.basename(folder), list, reader));
    }
    case 'foldered-root':
    case 'visa-root':
      return loadRoot(folder, shape, reader, options);
  }
}

async function loadRoot(
  folder: string,
  shape: Extract<Shape, { kind: 'foldered-root' | 'visa-root' }>,
  reader: FolderReader,
  options: RecogniseOptions,
): Promise<Omit<Recognised, 'folder'>> {
  const { category, masks } = options;
  const { layout } = shape;
  if (masks !== undefined && category === undefined)
    throw new MuscError('DATASET_UNCLEAR', l10n.t('one masks folder cannot serve many categories'), {
      where: folder,
      hint: l10n.t('choose a category'),
    });
  const rows = shape.kind === 'visa-root' && shape.list !== null ? await readVisaList(shape.list) : null;
  const all = rows === null ? shape.categories : [...new Set(rows.map((r) => r.object))].sort(byCodeUnit);
  const names = choose(
    all.filter((n) => !/[\\/]|^\.+$/.test(n) && n.length <= LONGEST_FOLDER),
    category,
    folder,
  );
  const datasets = await Promise.all(
    names.map(async (name) => {
      const below = path.join(folder, name);
      if (rows !== null) return loadListed(folder, name, rows, reader);
      const visa = layout === 'visa' ? await visaFolders(below, reader) : null;
      if (visa) return loadUnlisted(visa, below, null, reader);
      const parts = await categoryFolders(below, reader);
      return parts && loadFoldered(parts, below, null, reader, options);
    }),
  );
  const notes = [
    l10n.t(
      'Recognised as a data-set root of {0} with {1} categories: {2}.',
      layoutName(layout),
      all.length,
      all.join(', ').slice(0, 1500),
    ),
    ...shape.notes,
  ];
  return { layout, level: 'root', datasets: datasets.filter((d) => d !== null), notes };
}

/**
 * Tells by its shape what a folder is (SPEC 9) and lists its pictures in the method's order, with truth, masks and notes on
 * everything odd. Nothing but lists is read, except the masks of a plain folder. Throws FOLDER_NOT_FOUND; DATASET_UNCLEAR
 * where a chosen layout or category does not fit; SETTING_INVALID for a masks folder that can't be one; FILE_INVALID for a damaged
 * VisA list; TOO_FEW_IMAGES where all there is are links out of the folder; CANCELLED.
 */
export async function recognise(folder: string, options: RecogniseOptions = {}): Promise<Recognised> {
  const absolute = path.resolve(folder);
  await checkFolder(absolute, l10n.t('there is no such folder'), l10n.t('this is no folder'));
  if (options.masks !== undefined)
    await checkFolder(
      path.resolve(options.masks),
      l10n.t('there is no such folder of masks'),
      l10n.t('this is no folder of masks'),
    );
  const { shape, border } = await detectShape(absolute, options.layout ?? 'auto', options.signal);
  const reader = new FolderReader(border, options.signal);
  const found = await loadShape(absolute, shape, reader, options);
  if (reader.leftOut > 0 && found.datasets.every((d) => d.images.length === 0))
    throw new MuscError('TOO_FEW_IMAGES', l10n.t('there are only symbolic links that lead out of the folder'), {
      where: absolute,
      hint: l10n.t('open the folder they lead to'),
    });
  const common = reader.notes();
  const datasets = found.datasets.map((d) => recordable({ ...d, notes: [...d.notes, ...common] }));
  return { folder: absolute, ...found, datasets, notes: [...found.notes, ...common] };
}
