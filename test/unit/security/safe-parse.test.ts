import * as z from 'zod';
import { expect, it } from 'vitest';
import { safeParse } from '../../../extension/core/safe-parse';

it('a value that cannot even be compared is refused, not thrown about', () => {
  const schema = z.object({ list: z.array(z.number()).max(3), text: z.string().max(3) });
  const odd = { length: { toString: 1, valueOf: 1 } };
  for (const value of [{ list: odd, text: 'a' }, { list: [1], text: odd }, odd, null]) {
    const result = safeParse(schema, value);
    expect(result.success).toBe(false);
    expect(result.error?.issues[0].message).not.toBe('');
  }
  expect(safeParse(schema, { list: [1], text: 'a' })).toEqual({ success: true, data: { list: [1], text: 'a' } });
});
