import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitInput, fittedImageSize } from '../../../extension/core/backbone/fit';

const side = fc.integer({ min: 16, max: 6000 });

describe('fittedImageSize', () => {
  it('leads to the same model input again, whatever was asked for', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 32, max: 2048 }),
        fc.constantFrom(8, 14, 16, 32),
        (w, h, imageSize, patch) => {
          const input = fitInput(w, h, { imageSize, patch });
          const fitted = fittedImageSize(w, h, input);
          expect(fitted).toBeGreaterThanOrEqual(32);
          expect(fitted).toBeLessThanOrEqual(2048);
          const again = fitInput(w, h, { imageSize: fitted, patch });
          // a side below one patch is raised to it: then many sizes, and none but by chance, say which
          fc.pre(input.width > patch && input.height > patch);
          expect(again).toEqual(input);
        },
      ),
    );
  });
});
