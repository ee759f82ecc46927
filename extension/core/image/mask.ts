import * as l10n from '@vscode/l10n';
import type { Grid } from '../array/grid';
import { cells } from '../array/grid';
import type { Layout } from '../dataset/dataset';
import { MuscError, throwIfAborted } from '../errors';
import type { Protocol } from '../settings';
import type { DecodeOptions } from './decode';
import { referenceMask } from './reference-mask';
import { decodeSamples, type Samples } from './samples';
import { readPicture } from './source';

export interface MaskOptions extends DecodeOptions {
  /** Size of the mask's picture; another size of the mask is an error in `exact`. */
  readonly picture?: Grid;
}

/** A mask of lossy compression is marked from half its range on: around edges it is never quite zero. */
const LOSSY_THRESHOLD = 128;

/** 1 where a pixel is marked: any colour not zero, and not wholly transparent. */
function marked({ width, height, bands, alpha, data }: Samples, lowest: number): Uint8Array {
  const out = new Uint8Array(width * height);
  const colours = bands - (alpha ? 1 : 0);
  for (let p = 0, i = 0; p < out.length; p++, i += bands) {
    if (alpha && data[i + colours] === 0) continue;
    for (let c = 0; c < colours; c++) if (data[i + c] >= lowest) out[p] = 1;
  }
  return out;
}

/** Source positions [first, end) of each target: all it covers when shrinking, the nearest one when enlarging. */
function spans(from: number, to: number): readonly (readonly [number, number])[] {
  return Array.from({ length: to }, (_, x) => {
    if (to >= from) {
      const at = Math.min(from - 1, Math.floor(((x + 0.5) * from) / to));
      return [at, at + 1] as const;
    }
    return [Math.floor((x * from) / to), Math.ceil(((x + 1) * from) / to)] as const;
  });
}

/** Scales a 0/1 mask so that a target pixel is set when any of the area it covers is; nearest along a side that grows. */
export function scaleMask(mask: Uint8Array, from: Grid, to: Grid): Uint8Array {
  if (from.height === to.height && from.width === to.width) return mask;
  const wide = new Uint8Array(from.height * to.width);
  const columns = spans(from.width, to.width);
  for (let y = 0; y < from.height; y++)
    for (let x = 0; x < to.width; x++) {
      const [first, end] = columns[x];
      const row = y * from.width;
      for (let i = row + first; i < row + end; i++) if (mask[i]) wide[y * to.width + x] = 1;
    }
  const out = new Uint8Array(cells(to));
  spans(from.height, to.height).forEach(([first, end], y) => {
    for (let i = first; i < end; i++)
      for (let x = 0; x < to.width; x++) if (wide[i * to.width + x]) out[y * to.width + x] = 1;
  });
  return out;
}

/** A 0/1 mask at the file's own size, with that size: any non-zero value is marked (from half on in a JPEG). */
export async function nativeMask(file: string, options: DecodeOptions = {}): Promise<Grid & { data: Uint8Array }> {
  const source = await readPicture(file, options);
  throwIfAborted(options.signal);
  const samples = await decodeSamples(source, { orient: true, cmyk: 'rgb' });
  const data = marked(samples, source.format === 'jpeg' ? LOSSY_THRESHOLD : 1);
  return { height: samples.height, width: samples.width, data };
}

async function exactMask(file: string, size: Grid, options: MaskOptions): Promise<Uint8Array> {
  const { height, width, data } = await nativeMask(file, options);
  const { picture } = options;
  if (picture && (picture.height !== height || picture.width !== width))
    throw new MuscError(
      'MASK_INVALID',
      l10n.t('the mask has {0} x {1} pixels, its picture {2} x {3}', width, height, picture.width, picture.height),
      { where: file, hint: l10n.t('save the mask at the size of the picture') },
    );
  return scaleMask(data, { height, width }, size);
}

/**
 * Ground truth of one picture: size.height x size.width values 0 or 1 (SPEC 9).
 * `exact`: marked is any non-zero value at the native size, kept when any of a target pixel's area is marked, nearest when
 * enlarging. `reference`: as the authors' code, see `referenceMask`; of several channels, any. Throws MASK_INVALID where the
 * file can't be read or, in `exact`, has another size than `options.picture`; CANCELLED.
 */
export async function loadMask(
  file: string,
  size: Grid,
  protocol: Protocol,
  layout: Layout,
  options: MaskOptions = {},
): Promise<Uint8Array> {
  throwIfAborted(options.signal);
  try {
    if (protocol === 'exact') return await exactMask(file, size, options);
    const { channels, data } = await referenceMask(file, size, layout, options);
    const plane = cells(size);
    return Uint8Array.from({ length: plane }, (_, p) => {
      for (let c = 0; c < channels; c++) if (data[c * plane + p] > 0) return 1;
      return 0;
    });
  } catch (error) {
    if (!(error instanceof MuscError) || error.code === 'MASK_INVALID' || error.code === 'CANCELLED') throw error;
    throw new MuscError('MASK_INVALID', l10n.t('unreadable mask: {0}', error.message), {
      where: file,
      hint: error.hint,
      cause: error,
    });
  }
}
