import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { fewAtATime } from '../../../extension/host/few-at-a-time';

it('reads many in their order, few of them together', async () => {
  let [reading, most] = [0, 0];
  const read = async (n: number) => {
    most = Math.max(most, ++reading);
    await wait(n % 3);
    reading--;
    return n % 2 === 0 ? [n, n] : [];
  };
  const many = Array.from({ length: 30 }, (_, i) => i);
  expect(await fewAtATime(many, read)).toEqual(many.flatMap((n) => (n % 2 === 0 ? [n, n] : [])));
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThan(10);
});
