import { describe, expect, it } from 'vitest';
import { movedByKey, type Key, type Slider } from '../../../webview/model/slider-keys';

const key = (name: string, held: Partial<Key> = {}): Key => ({
  key: name,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...held,
});
const slider: Slider = { at: 5, first: 0, last: 9, step: 1, page: 3 };

describe("a slider's keys", () => {
  it.each([
    ['ArrowLeft', 4],
    ['ArrowDown', 4],
    ['ArrowRight', 6],
    ['ArrowUp', 6],
    ['PageDown', 2],
    ['PageUp', 8],
    ['Home', 0],
    ['End', 9],
    ['a', undefined],
    [' ', undefined],
  ])('%s leads to %s', (name, to) => expect(movedByKey(key(name), slider)).toBe(to));

  it('stays between its ends', () => {
    expect(movedByKey(key('PageUp'), { ...slider, at: 8 })).toBe(9);
    expect(movedByKey(key('ArrowLeft'), { ...slider, at: 0 })).toBe(0);
  });

  it('leaves keys with Ctrl, Alt and Meta to others, and those with Shift unless it has a step for them', () => {
    for (const held of ['ctrlKey', 'altKey', 'metaKey', 'shiftKey'] as const)
      expect(movedByKey(key('ArrowUp', { [held]: true }), slider)).toBeUndefined();
    expect(movedByKey(key('ArrowUp', { shiftKey: true }), { ...slider, shiftStep: 2 })).toBe(7);
    expect(movedByKey(key('ArrowUp', { shiftKey: true, altKey: true }), { ...slider, shiftStep: 2 })).toBeUndefined();
  });
});
