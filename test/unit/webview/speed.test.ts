import { describe, expect, it } from 'vitest';
import { speedText } from '../../../webview/model/speed';

describe('the speed of a stage', () => {
  it.each([
    ['features', 12.4, '12 pictures / s'],
    ['scoring', 120_000, '120,000 comparisons / s'],
    ['metrics', 3.2, '3.2 maps / s'],
    ['write', 5, null],
    ['features', null, null],
    [null, 5, null],
  ] as const)('%s: %j', (stage, perSecond, text) => expect(speedText(stage, perSecond)).toBe(text));
});
