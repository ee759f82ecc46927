import { describe, expect, it } from 'vitest';
import { whyText } from '../../../webview/model/why-text';

describe('why a patch is normal or not', () => {
  it.each([
    ['alone', [], 1, 'there is no other image to compare with.'],
    ['far from all', [0.9, 1], 1, 'nothing in the other 1,233 images looks like this patch. Nearest, with distance:'],
    [
      'far from all of its subset',
      [0.9, 1],
      3,
      'nothing in the images it was compared with looks like this patch. Nearest, with distance:',
    ],
    ['near', [0.1, 0.2], 3, 'this patch looks like these in other images, with distance:'],
    ['near one', [0.1, 0.9], 1, 'only 1 of the nearest 2 patches of other images really look like this one:'],
  ])('%s', (_, distances, subsets, text) =>
    expect(whyText({ distances, line: 0.5, others: 1233, subsets })).toBe(text),
  );
});
