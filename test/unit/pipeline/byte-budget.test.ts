import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ByteBudget } from '../../../extension/core/byte-budget';

it('holds no more than its bytes, or one piece of work, and does all in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 20 }), async (sizes) => {
      const budget = new ByteBudget(100);
      const under = new Set<number>();
      const begun: number[] = [];
      const work = sizes.map((bytes, i) =>
        budget.during(bytes, async () => {
          under.add(i);
          begun.push(i);
          const held = [...under].map((one) => sizes[one]).filter((size) => size > 0);
          expect(held.length === 1 || held.reduce((a, b) => a + b, 0) <= 100).toBe(true);
          for (let turns = bytes % 3; turns >= 0; turns--) await turn();
          under.delete(i);
          return i;
        }),
      );
      expect(await Promise.all(work)).toEqual([...sizes.keys()]);
      expect(begun).toEqual([...sizes.keys()]);
    }),
  );
});

it('goes on after work that fails, and throws its error', async () => {
  const budget = new ByteBudget(10);
  const failed = budget.during(20, () => Promise.reject(new Error('broken')));
  const next = budget.during(20, () => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('broken');
  expect(await next).toBe('done');
});
