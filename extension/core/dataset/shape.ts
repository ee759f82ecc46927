import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';
import { isPictureName } from '../image/format';
import { categoryFolders, isBtad, layoutName, type CategoryFolders, type FolderedLayout } from './category';
import type { Layout } from './dataset';
import { FolderReader } from './folder-reader';
import { findName, some } from './names';
import { looksLikeVisa, visaFolders, type VisaFolders } from './visa';

/** What a folder's names say it is. */
export type Shape =
  | { readonly kind: 'plain'; readonly layout: 'folder' }
  | { readonly kind: 'foldered'; readonly layout: FolderedLayout; readonly parts: CategoryFolders }
  | {
      readonly kind: 'foldered-type';
      readonly layout: FolderedLayout;
      readonly parts: CategoryFolders;
      readonly type: string;
    }
  | {
      readonly kind: 'foldered-root';
      readonly layout: FolderedLayout;
      readonly categories: readonly string[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'visa'; readonly layout: 'visa'; readonly parts: VisaFolders; readonly list: string | null }
  | { readonly kind: 'visa-type'; readonly layout: 'visa'; readonly parts: VisaFolders; readonly type: string }
  | {
      readonly kind: 'visa-root';
      readonly layout: 'visa';
      readonly list: string | null;
      readonly categories: readonly string[];
      readonly notes: readonly string[];
    };

/** A shape, and the folder that everything it reads must lie in: above the folder itself for parts of a category. */
export interface DetectedShape {
  readonly shape: Shape;
  readonly border: string;
}

async function visaListIn(folder: string, reader: FolderReader): Promise<string | null> {
  const splits = findName((await reader.list(folder)).folders, 'split_csv');
  if (splits === undefined) return null;
  const list = findName((await reader.list(path.join(folder, splits))).files, '1cls.csv');
  return list === undefined ? null : path.join(folder, splits, list);
}

type Wanted = (layout: Layout) => boolean;

/** VisA, at the level of a root with its list, a category, or a type. `forced`: asked for, so that names of folders are enough. */
async function detectVisa(
  folder: string,
  forced: boolean,
  signal: AbortSignal | undefined,
): Promise<DetectedShape | null> {
  const reader = new FolderReader(folder, signal);
  const list = await visaListIn(folder, reader);
  if (list !== null)
    return { shape: { kind: 'visa-root', layout: 'visa', list, categories: [], notes: [] }, border: folder };
  const parent = path.dirname(folder);
  const parts = await visaFolders(folder, reader);
  if (parts !== null) {
    const beside = await visaListIn(parent, new FolderReader(parent, signal));
    if (beside === null && !forced && !(await looksLikeVisa(parts, reader))) return null;
    return { shape: { kind: 'visa', layout: 'visa', parts, list: beside }, border: beside === null ? folder : parent };
  }
  const category = path.resolve(folder, '../../..');
  if (path.basename(parent).toLowerCase() !== 'images') return null;
  const outer = new FolderReader(category, signal);
  const above = await visaFolders(category, outer);
  if (above === null || above.images !== parent || (!forced && !(await looksLikeVisa(above, outer)))) return null;
  return { shape: { kind: 'visa-type', layout: 'visa', parts: above, type: path.basename(folder) }, border: category };
}

/** MVTec AD or BTAD, at the level of a category, its test folder, or a type. */
async function detectFoldered(
  folder: string,
  wanted: Wanted,
  forced: boolean,
  signal: AbortSignal | undefined,
): Promise<DetectedShape | null> {
  for (const [category, depth] of [
    [folder, 0],
    [path.dirname(folder), 1],
    [path.resolve(folder, '../..'), 2],
  ] as const) {
    const parts = await categoryFolders(category, new FolderReader(category, signal));
    if (parts === null || !wanted(parts.layout)) continue;
    const { layout } = parts;
    if (depth < 2 && (depth === 0 || parts.test === folder))
      return { shape: { kind: 'foldered', layout, parts }, border: category };
    if (depth === 2 && parts.test === path.dirname(folder))
      return { shape: { kind: 'foldered-type', layout, parts, type: path.basename(folder) }, border: category };
  }
  if (!forced) return null;
  // A folder of type folders under another name than "test" is taken for one only when that was asked for.
  const types = (await new FolderReader(folder, signal).list(folder)).folders;
  const layout = isBtad(types) ? 'btad' : 'mvtec';
  if (!wanted(layout) || (layout === 'mvtec' && findName(types, 'good') === undefined)) return null;
  return {
    shape: { kind: 'foldered', layout, parts: { layout, category: null, test: folder, masks: null } },
    border: folder,
  };
}

/** A folder of categories. Throws DATASET_UNCLEAR where they are of several layouts. */
async function detectRoot(
  folder: string,
  wanted: Wanted,
  forced: boolean,
  signal: AbortSignal | undefined,
): Promise<DetectedShape | null> {
  const reader = new FolderReader(folder, signal);
  const { folders, files } = await reader.list(folder);
  const visa = async (below: string) => {
    const parts = await visaFolders(below, reader);
    return parts !== null && (forced || (await looksLikeVisa(parts, reader))) ? 'visa' : null;
  };
  const kinds = await Promise.all(
    folders.map(async (name): Promise<Layout | null> => {
      const below = path.join(folder, name);
      const found = (await categoryFolders(below, reader))?.layout ?? (await visa(below));
      return found !== null && wanted(found) ? found : null;
    }),
  );
  const layouts = [...new Set(kinds)].filter((k) => k !== null);
  if (layouts.length === 0) return null;
  if (layouts.length > 1)
    throw new MuscError(
      'DATASET_UNCLEAR',
      l10n.t(
        'the folder holds categories of {0}',
        layouts.map(layoutName).reduce((a, b) => l10n.t('{0} and {1}', a, b)),
      ),
      {
        where: folder,
        hint: l10n.t('choose one of them, or open one category'),
        options: '--dataset LAYOUT',
      },
    );
  const categories = folders.filter((_, i) => kinds[i] !== null);
  const others = folders.filter((_, i) => kinds[i] === null);
  const loose = files.filter(isPictureName);
  const notes = [
    ...(others.length ? [l10n.t('Folders that are no category: {0}.', some(others))] : []),
    ...(loose.length ? [l10n.t('Not scored, as they lie beside the categories: {0}.', some(loose))] : []),
  ];
  const [layout] = layouts;
  if (layout === 'visa') return { shape: { kind: 'visa-root', layout, list: null, categories, notes }, border: folder };
  if (layout === 'folder') return null;
  return { shape: { kind: 'foldered-root', layout, categories, notes }, border: folder };
}

/** What each layout looks like, for the message when a folder does not. */
function expected(layout: Layout): string {
  switch (layout) {
    case 'folder':
      return l10n.t('expected pictures; or leave the layout to auto');
    case 'mvtec':
      return l10n.t('expected test/good, test/TYPE and ground_truth/TYPE; or leave the layout to auto');
    case 'btad':
      return l10n.t('expected test/ok, test/ko and ground_truth/ko; or leave the layout to auto');
    case 'visa':
      return l10n.t(
        'expected split_csv/1cls.csv, or Data/Images and Data/Masks in a category; or leave the layout to auto',
      );
  }
}

/** The folder's shape. Throws DATASET_UNCLEAR where a chosen layout does not fit, or several do. */
export async function detectShape(
  folder: string,
  layout: 'auto' | Layout,
  signal?: AbortSignal,
): Promise<DetectedShape> {
  const plain: DetectedShape = { shape: { kind: 'plain', layout: 'folder' }, border: folder };
  if (layout === 'folder') return plain;
  const wanted: Wanted = (l) => layout === 'auto' || l === layout;
  const found =
    (wanted('visa') ? await detectVisa(folder, layout !== 'auto', signal) : null) ??
    (await detectFoldered(folder, wanted, layout !== 'auto', signal)) ??
    (await detectRoot(folder, wanted, layout !== 'auto', signal));
  if (found !== null) return found;
  if (layout === 'auto') return plain;
  throw new MuscError('DATASET_UNCLEAR', l10n.t('the folder has not the shape of {0}', layoutName(layout)), {
    where: folder,
    hint: expected(layout),
  });
}
