/** Ways to turn a score into a colour. `turbo` and `viridis` keep small differences visible; `jet` is the authors' choice. */
export const COLORMAPS = ['turbo', 'viridis', 'jet', 'grey'] as const;
export type Colormap = (typeof COLORMAPS)[number];

/** Number of entries of a table. */
export const COLORMAP_SIZE = 256;

type Polynomial = readonly number[];

// Turbo: the published degree-5 fit of Google's map (A. Mikhailov, R. Du, 2019, Apache-2.0), constant term first. A fit: up to
// 32 of 255 levels off in blue at the dark end, where it matters least.
const TURBO: readonly [Polynomial, Polynomial, Polynomial] = [
  [0.13572138, 4.6153926, -42.66032258, 132.13108234, -152.94239396, 59.28637943],
  [0.09140261, 2.19418839, 4.84296658, -14.18503333, 4.27729857, 2.82956604],
  [0.1066733, 12.64194608, -60.58204836, 110.36276771, -89.90310912, 27.34824973],
];

// Viridis: degree-6 fit of matplotlib's table (M. Zucker, CC0; the table itself is CC0), constant term first.
const VIRIDIS: readonly [Polynomial, Polynomial, Polynomial] = [
  [0.2777273272, 0.1050930431, -0.3308618287, -4.634230499, 6.228269936, 4.776384998, -5.435455856],
  [0.005407344545, 1.40461353, 0.2148475595, -5.799100973, 14.17993337, -13.74514538, 4.645852612],
  [0.3340998053, 1.384590163, 0.09509516303, -19.33244096, 56.6905526, -65.35303263, 26.31243525],
];

const clamp = (x: number): number => Math.min(1, Math.max(0, x));
const evaluate = (p: Polynomial, t: number): number => p.reduceRight((sum, c) => sum * t + c, 0);

/** Red, green and blue in 0..1 of a fraction `t` in 0..1 (values outside are clamped). */
export function colour(name: Colormap, t: number): [number, number, number] {
  const x = clamp(t);
  switch (name) {
    case 'turbo':
      return [clamp(evaluate(TURBO[0], x)), clamp(evaluate(TURBO[1], x)), clamp(evaluate(TURBO[2], x))];
    case 'viridis':
      return [clamp(evaluate(VIRIDIS[0], x)), clamp(evaluate(VIRIDIS[1], x)), clamp(evaluate(VIRIDIS[2], x))];
    case 'jet': // MATLAB's piecewise linear map, which OpenCV's COLORMAP_JET follows
      return [clamp(1.5 - Math.abs(4 * x - 3)), clamp(1.5 - Math.abs(4 * x - 2)), clamp(1.5 - Math.abs(4 * x - 1))];
    case 'grey':
      return [x, x, x];
  }
}

/** 256 colours, RGB interleaved, from the lowest to the highest score. A new array at each call: keep it. */
export function colormapTable(name: Colormap): Uint8Array {
  const table = new Uint8Array(COLORMAP_SIZE * 3);
  for (let i = 0; i < COLORMAP_SIZE; i++)
    colour(name, i / (COLORMAP_SIZE - 1)).forEach((c, channel) => {
      table[i * 3 + channel] = Math.round(c * 255);
    });
  return table;
}
