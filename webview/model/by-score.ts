import type { Table } from './table';

/** All images from the lowest score to the highest; ties keep their order, as in `Table.ranking`. */
export function fromLowest({ ranking, score, size }: Table): Int32Array {
  const all = ranking.slice().reverse();
  for (let from = 0, to = 1; from < size; from = to++) {
    while (to < size && score[all[to]] === score[all[from]]) to++;
    if (to - from > 1) all.subarray(from, to).reverse();
  }
  return all;
}

/** Two lists that are in order, as one; `first`: whether an image of the one goes before an image of the other. */
export function merged(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
  first: (a: number, b: number) => boolean,
): Int32Array {
  const all = new Int32Array(one.length + other.length);
  let [i, j] = [0, 0];
  for (let at = 0; at < all.length; at++) {
    const next = j >= other.length || (i < one.length && first(one[i], other[j]));
    all[at] = next ? one[i++] : other[j++];
  }
  return all;
}
