import { expect, it } from 'vitest';
import { inTurn } from '../../../extension/host/in-turn';

it('asks one question after another, also after one that failed', async () => {
  const asked: string[] = [];
  let answer = (_: string): void => undefined;
  const first = inTurn(() => (asked.push('first'), new Promise<string>((resolve) => (answer = resolve))));
  const second = inTurn(() => (asked.push('second'), Promise.reject(new Error('no engine'))));
  const third = inTurn(() => Promise.resolve(asked.push('third')));
  await new Promise(setImmediate);
  expect(asked).toEqual(['first']);
  answer('yes');
  expect(await first).toBe('yes');
  await expect(second).rejects.toThrow('no engine');
  await third;
  expect(asked).toEqual(['first', 'second', 'third']);
});
