import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelsLast, dropPrefix, resizePatches, tokenLayout } from '../../../extension/core/backbone/tap-layout';
import { noise } from './tiny-network';

const small = fc.integer({ min: 1, max: 6 });

describe('patches of a tap', () => {
  it('follow the class and register tokens', () => {
    fc.assert(
      fc.property(small, small, fc.nat(3), small, (n, patches, prefix, channels) => {
        const stride = (prefix + patches) * channels;
        const tokens = Float32Array.from({ length: n * stride }, (_, i) => i);
        const out = dropPrefix(tokens, n, patches, prefix, channels);
        expect(out.length).toBe(n * patches * channels);
        for (let i = 0; i < n; i++)
          for (let k = 0; k < patches * channels; k++)
            expect(out[i * patches * channels + k]).toBe(i * stride + prefix * channels + k);
      }),
    );
  });

  it('have their channels last', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }), (n, channels, patches) => {
        const planes = Float32Array.from({ length: n * channels * patches }, (_, i) => i);
        const out = channelsLast(planes, n, channels, patches);
        const [i, c, p] = [n - 1, channels - 1, patches >> 1];
        expect(out[(i * patches + p) * channels + c]).toBe((i * channels + c) * patches + p);
        // Twice is the way back.
        expect(channelsLast(out, n, patches, channels)).toEqual(planes);
      }),
    );
  });

  it('resized to the same grid are the same array', () => {
    const patches = noise(2 * 6 * 3, 1);
    expect(resizePatches(patches, 2, 3, { height: 2, width: 3 }, { height: 2, width: 3 })).toBe(patches);
  });

  it('resized as PyTorch does with align_corners = false', () => {
    // torch.nn.functional.interpolate([[[[0, 1], [2, 3]]]], size=(4, 3), mode='bilinear', align_corners=False)
    const out = resizePatches(Float32Array.of(0, 1, 2, 3), 1, 1, { height: 2, width: 2 }, { height: 4, width: 3 });
    const expected = [0, 0.5, 1, 0.5, 1, 1.5, 1.5, 2, 2.5, 2, 2.5, 3];
    expected.forEach((e, i) => expect(out[i]).toBeCloseTo(e, 6));
  });

  it('keep a constant constant, and every image to itself', () => {
    fc.assert(
      fc.property(small, small, small, small, (h, w, height, width) => {
        const patches = new Float32Array(2 * h * w).fill(1, h * w);
        const out = resizePatches(patches, 2, 1, { height: h, width: w }, { height, width });
        out.forEach((v, i) => expect(v).toBeCloseTo(i < height * width ? 0 : 1, 6));
      }),
    );
  });
});

describe('the patch grid of a token sequence', () => {
  it.each([
    [197, 224, 224, 1, 14, 14],
    [1370, 518, 518, 1, 37, 37],
    [1374, 518, 518, 5, 37, 37],
    [196, 224, 224, 0, 14, 14],
    [50, 224, 224, 1, 7, 7],
    [1 + 20 * 30, 280, 420, 1, 20, 30],
  ])('of %i tokens for %i x %i has %i tokens before %i x %i patches', (tokens, height, width, prefix, h, w) => {
    expect(tokenLayout(tokens, { height, width })).toEqual({ prefix, grid: { height: h, width: w } });
  });

  it('is none where nothing fits', () => {
    expect(tokenLayout(30, { height: 7, width: 5 })).toBeNull();
    expect(tokenLayout(0, { height: 8, width: 8 })).toBeNull();
  });

  it('is found for any patch, grid and number of registers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.constantFrom(8, 14, 16, 32),
        fc.constantFrom(0, 1, 5),
        (side, patch, prefix) => {
          const found = tokenLayout(prefix + side * side, { height: side * patch, width: side * patch });
          expect(found).not.toBeNull();
          // Small grids can be read in more than one way; what is found must at least account for every token.
          if (found) expect(found.prefix + found.grid.height * found.grid.width).toBe(prefix + side * side);
          if (side > 9) expect(found?.prefix).toBe(prefix);
        },
      ),
    );
  });
});
