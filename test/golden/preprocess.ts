import { decodePicture } from '../../extension/core/image/decode';
import { normalise } from '../../extension/core/image/normalise';
import type { Raster } from '../../extension/core/image/raster';
import { resizePillow } from '../../extension/core/image/resize';
import { decodeSamples } from '../../extension/core/image/samples';
import { readPicture } from '../../extension/core/image/source';
import { compare, type CheckResult, type GoldenCase, type GoldenSuite } from './suite';

/** The two preprocessings of the reference, as its README states them. */
const STYLES = {
  clip: {
    resize: 'bicubic',
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
  },
  dino: { resize: 'bilinear', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
} as const;
type Style = keyof typeof STYLES;

function rgb({ channels, data }: Raster): Uint8Array {
  return channels === 3 ? data : Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)]);
}

/** Sizes first: a transposed picture may have as many bytes. */
function comparePictures(key: string, actual: Raster, expected: Raster, tol: string | undefined): CheckResult {
  const size = ({ width, height }: Raster) => `${width} x ${height}`;
  if (size(actual) !== size(expected))
    return { key, ok: false, detail: `${size(actual)} pixels, expected ${size(expected)}` };
  return compare(key, rgb(actual), rgb(expected), tol);
}

/** The tolerance of "a=0.02 from src (...), a=1e-5 from the uint8 PNG" that holds for what is compared. */
const clause = (tol: string | undefined, ending: string) =>
  tol?.split(', ').find((part) => part.includes(ending)) ?? tol;

async function checkNormalised(testCase: GoldenCase, key: string, style: Style, source: Raster): Promise<CheckResult> {
  const expected = await testCase.tensor(key);
  const [, height, width] = expected.shape;
  const { resize, ...statistics } = STYLES[style];
  const tol = testCase.tensors[key].tol;
  const whole = normalise(resizePillow(source, width, height, resize), statistics);
  const fromSource = compare(key, whole, expected.data, clause(tol, 'from src'));
  const png = key.replace(/_normalised$/, '');
  if (!fromSource.ok || !(png in testCase.files)) return fromSource;
  const resized = await decodePicture(testCase.path(png), 'reference');
  return compare(key, normalise(resized, statistics), expected.data, clause(tol, 'from the uint8'));
}

async function checkScalar(testCase: GoldenCase, key: string, value: unknown): Promise<CheckResult> {
  const [, style, statistic] = /^(clip|dino)_(mean|std)$/.exec(key) ?? [];
  if (style !== undefined) {
    const own = STYLES[style as Style][statistic as 'mean' | 'std'];
    return compare(key, own, value as number[], 'exact');
  }
  if (key === 'raw_max') {
    const source = await readPicture(testCase.path('src'));
    const { data } = await decodeSamples(source, { orient: false, cmyk: 'keep' });
    let max = 0;
    for (const v of data) max = Math.max(max, v);
    return compare(key, [max], [Number(value)], 'exact');
  }
  if (key === 'pil') return { key, ok: true, detail: `recorded with Pillow ${String(value)}` }; // not a result
  return { key, ok: false, detail: 'no such result is known' };
}

/** Reading and resizing a picture, protocol `reference` (SPEC 1). */
export const suite: GoldenSuite = {
  folder: 'preprocess',
  async check(testCase) {
    const source = await decodePicture(testCase.path('src'), 'reference');
    const results: CheckResult[] = [];
    for (const key of testCase.expectedKeys()) {
      const [, style, size, normalised] = /^(clip|dino)_(\d+)(_normalised)?$/.exec(key) ?? [];
      if (normalised) results.push(await checkNormalised(testCase, key, style as Style, source));
      else if (style !== undefined || key === 'decoded') {
        const actual =
          key === 'decoded' ? source : resizePillow(source, Number(size), Number(size), STYLES[style as Style].resize);
        const expected = await decodePicture(testCase.path(key), 'reference');
        results.push(comparePictures(key, actual, expected, testCase.files[key].tol));
      } else results.push({ key, ok: false, detail: 'no such result is known' });
    }
    for (const [key, value] of Object.entries(testCase.expected)) results.push(await checkScalar(testCase, key, value));
    return results;
  },
};
