import { describe, expect, it } from 'vitest';
import type { PictureOutcome } from '../../../extension/core/pipeline/read-features';
import { ReadTogether } from '../../../extension/core/pipeline/read-together';

const outcome = (n: number) =>
  ({
    image: { path: `${n}.png` },
    ...(n < 0 ? { kind: 'skipped', reason: 'it is broken' } : { kind: 'features', features: { width: n } }),
  }) as PictureOutcome;

/** Pictures that are read, and how many at a time. Fails from the `fails`-th on. */
function reader(fails = Infinity) {
  const passes: number[][] = [];
  const together = new ReadTogether(async function* (images) {
    passes.push([...images]);
    await Promise.resolve();
    for (const [n, image] of images.entries()) {
      if (n >= fails) throw new Error('the disk is gone');
      yield outcome(image);
    }
  });
  return { passes, together };
}

describe('reading together', () => {
  it('reads in one pass what is asked for meanwhile', async () => {
    const { passes, together } = reader();
    const first = [1, 2].map((n) => together.read(n));
    await first[0];
    const found = await Promise.all([...first, together.read(3), together.read(4)]);
    expect(found.map(({ width }) => width)).toEqual([1, 2, 3, 4]);
    expect(passes).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('fails alone for a picture that can not be read, and goes on after a failure of all', async () => {
    const { together } = reader();
    const [good, bad] = await Promise.allSettled([together.read(1), together.read(-1)]);
    expect(good.status).toBe('fulfilled');
    expect(bad).toMatchObject({ reason: { code: 'PICTURE_UNREADABLE', where: '-1.png' } });
    const failing = reader(1);
    const [before, after] = await Promise.allSettled([failing.together.read(1), failing.together.read(2)]);
    expect(before.status).toBe('fulfilled');
    expect(after).toMatchObject({ reason: { message: 'the disk is gone' } });
    expect((await failing.together.read(3)).width).toBe(3);
  });
});
