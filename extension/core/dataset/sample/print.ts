import { toPolyline, type Polyline } from './shapes';

/** One piece of the printed mark, as pen strokes in part millimetres. */
export interface PrintPiece {
  readonly strokes: readonly Polyline[];
  /** Left, top, right, bottom of the strokes, pen included. */
  readonly box: readonly [number, number, number, number];
}

/** Half width of the pen, mm. */
export const PEN = 0.55;

/** Characters on a grid 4 wide and 6 high, y downwards. */
const GLYPHS: Readonly<Record<string, readonly Polyline[]>> = {
  K: [
    [0, 0, 0, 6],
    [4, 0, 0, 3.4],
    [1.2, 2.6, 4, 6],
  ],
  L: [[0, 0, 0, 6, 3.8, 6]],
  '7': [[0, 0, 4, 0, 1.6, 6]],
  '4': [[3, 6, 3, 0, 0, 4.2, 4.2, 4.2]],
  '0': [[1.2, 0, 2.8, 0, 4, 1.3, 4, 4.7, 2.8, 6, 1.2, 6, 0, 4.7, 0, 1.3, 1.2, 0]],
  '-': [[0.7, 3.1, 3.3, 3.1]],
};

function piece(strokes: readonly Polyline[]): PrintPiece {
  const xs = strokes.flatMap((s) => s.filter((_, i) => i % 2 === 0));
  const ys = strokes.flatMap((s) => s.filter((_, i) => i % 2 === 1));
  const pad = PEN + 0.3;
  return { strokes, box: [Math.min(...xs) - pad, Math.min(...ys) - pad, Math.max(...xs) + pad, Math.max(...ys) + pad] };
}

const glyph = (name: string, x: number, y: number, size: number) =>
  piece(GLYPHS[name].map((s) => s.map((v, i) => (i % 2 ? y : x) + (v * size) / 6)));

/** A triangle with a bolt in it, as on electrical covers. */
const warning = (x: number, y: number) =>
  piece([
    [x - 6, y + 4.6, x, y - 5.8, x + 6, y + 4.6, x - 6, y + 4.6],
    [x + 0.9, y - 2.4, x - 1.1, y + 0.6, x + 1.1, y + 0.6, x - 0.7, y + 3.2],
  ]);

/** The mark as printed: a symbol, the type, and a line below with the pole signs. */
export const PRINT: readonly PrintPiece[] = [
  warning(-18, -8),
  ...['K', 'L', '-', '7', '4', '0'].map((name, i) => glyph(name, -8 + i * 5.7, -12.6, 6.4)),
  piece([[-8, -2.8, 24.5, -2.8]]),
];

/** Signed distance to a piece's ink, mm; negative inside, large outside of its box. */
export function inkDistance(x: number, y: number, { strokes, box }: PrintPiece): number {
  if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) return 1;
  let best = Infinity;
  for (const stroke of strokes) best = Math.min(best, toPolyline(x, y, stroke).distance);
  return best - PEN;
}
