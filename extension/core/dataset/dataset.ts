/** How a folder is organised (SPEC 9 of the method: any folder, MVTec AD, BTAD, VisA). */
export type Layout = 'folder' | 'mvtec' | 'btad' | 'visa';

/** Ground truth of a picture: null where nobody said. */
export type Truth = 'good' | 'defect' | null;

/** A picture of a data set, before it is read. */
export interface DatasetImage {
  /** Relative to the data set's `root`, with forward slashes. */
  readonly path: string;
  /** Defect type (folder name), e.g. "good", "crack"; "" in a flat folder. */
  readonly type: string;
  readonly truth: Truth;
  /** Mask file relative to `root` (may climb with ".."), or null. A good picture has none: its mask is all zero. */
  readonly mask: string | null;
}

/** One category: the set of pictures that score each other. Images are in the method's order: types sorted, names sorted. */
export interface Dataset {
  /** Absolute folder that paths are relative to. */
  readonly root: string;
  readonly layout: Layout;
  /** Category name ("hazelnut") or null for any folder. */
  readonly category: string | null;
  /** For people: category or folder name. */
  readonly name: string;
  readonly images: readonly DatasetImage[];
  /** What was recognised and what is odd, in full sentences ("Recognised as one MVTec AD category.", "3 defect pictures have no mask."). */
  readonly notes: readonly string[];
}
