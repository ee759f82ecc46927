/** The images that actions apply to. The current one, which is shown large, is always among them. */
export interface Selection {
  /** Null only where there is no image. */
  readonly current: number | null;
  readonly selection: ReadonlySet<number>;
  /** Where Shift extends the selection from. */
  readonly anchor: number | null;
}

/** One image alone, or none. */
export const alone = (current: number | null): Selection => ({
  current,
  selection: new Set(current === null ? [] : [current]),
  anchor: current,
});

/** The image of `among` that is fewest places from `image` in `order`, the later of two; null: there is no other. */
export function nearest(order: Int32Array, image: number, among: ReadonlySet<number>): number | null {
  const at = order.indexOf(image);
  for (let distance = 1; distance <= order.length; distance++)
    for (const other of [order[at + distance], order[at - distance]]) if (among.has(other)) return other;
  return null;
}

/**
 * The selection with one image more, which becomes the current one, or less. Without the current one, the nearest that is still
 * selected takes its place; the last one stays. `visible`: images in the order shown.
 */
export function toggled(selected: Selection, image: number, visible: Int32Array): Selection {
  const selection = new Set(selected.selection);
  if (!selection.delete(image)) return { current: image, selection: selection.add(image), anchor: image };
  if (selection.size === 0) return selected;
  const current = image === selected.current ? nearest(visible, image, selection) : selected.current;
  return current === null ? selected : { current, selection, anchor: current };
}

/** The selection without images that are hidden, so that no action reaches what nobody sees; the current one is shown large and stays. */
export function withoutHidden(selected: Selection, visible: Int32Array): Selection {
  const { current, selection, anchor } = selected;
  if (selection.size <= 1) return selected;
  const shown = new Set(visible);
  const left = new Set([...selection].filter((image) => image === current || shown.has(image)));
  if (left.size === selection.size) return selected;
  return { current, selection: left, anchor: anchor !== null && left.has(anchor) ? anchor : current };
}

/**
 * The selection for a grid that shows other images: without those that are hidden, and with the nearest one shown as the current
 * one where that is hidden. Where nothing is shown the current one stays, alone. `order`: of all images.
 */
export function broughtIntoView(selected: Selection, order: Int32Array, visible: Int32Array): Selection {
  const { current, selection } = selected;
  if (visible.length === 0) return alone(current);
  const shown = new Set(visible);
  if (current === null) return alone(visible[0]);
  if (shown.has(current)) return withoutHidden(selected, visible);
  const left = new Set([...selection].filter((image) => shown.has(image)));
  if (left.size === 0) return alone(nearest(order, current, shown));
  const next = nearest(order, current, left);
  return { current: next, selection: left, anchor: next };
}
