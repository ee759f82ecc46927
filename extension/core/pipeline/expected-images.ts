import type { Layout } from '../dataset/dataset';

/** Test pictures per category of the published data sets: a benchmark of fewer or more says so. */
const EXPECTED: Readonly<Record<Exclude<Layout, 'folder'>, Readonly<Record<string, number>>>> = {
  mvtec: {
    bottle: 83,
    cable: 150,
    capsule: 132,
    carpet: 117,
    grid: 78,
    hazelnut: 110,
    leather: 124,
    metal_nut: 115,
    pill: 167,
    screw: 160,
    tile: 117,
    toothbrush: 42,
    transistor: 100,
    wood: 79,
    zipper: 151,
  },
  btad: { '01': 70, '02': 230, '03': 441 },
  visa: {
    candle: 200,
    capsules: 160,
    cashew: 150,
    chewinggum: 150,
    fryum: 150,
    macaroni1: 200,
    macaroni2: 200,
    pcb1: 200,
    pcb2: 200,
    pcb3: 201,
    pcb4: 201,
    pipe_fryum: 150,
  },
};

/** How many pictures a category of a published data set has, or null. */
export function expectedImages(layout: Layout, category: string): number | null {
  if (layout === 'folder' || !Object.hasOwn(EXPECTED[layout], category)) return null;
  return EXPECTED[layout][category];
}

/** Whether every category is one of the published data set of this layout: its means are over no others. */
export const isPublished = (layout: Layout, present: readonly string[]): boolean =>
  present.every((name) => expectedImages(layout, name) !== null);

/** Names of categories that a data set of this layout should have and `present` lacks; none where it is another data set. */
export function missingCategories(layout: Layout, present: readonly string[]): string[] {
  if (layout === 'folder') return [];
  const expected = Object.keys(EXPECTED[layout]);
  return expected.some((name) => present.includes(name)) ? expected.filter((name) => !present.includes(name)) : [];
}
