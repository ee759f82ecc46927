import { describe, expect, it } from 'vitest';
import { keyName } from '../../../webview/model/key-name';

const nameOf = (key: string, code: string, held = '') =>
  keyName({ key, code, shiftKey: held.includes('Shift'), getModifierState: (name) => held.includes(name) });

describe('the name of a key', () => {
  it.each([
    ['US', '1', 'Digit1', '', '1'],
    ['US with Shift', '!', 'Digit1', 'Shift', '!'],
    ['French', '&', 'Digit1', '', '1'],
    ['French', 'é', 'Digit2', '', '2'],
    ['French', '"', 'Digit3', '', '3'],
    ['French', 'à', 'Digit0', '', '0'],
    ['French with Shift', '1', 'Digit1', 'Shift', '1'],
    ['French, a key of no label', '(', 'Digit5', '', '('],
    ['French with AltGr', '#', 'Digit3', 'AltGraph', '#'],
    ['Czech, whose + is on the 1', '+', 'Digit1', '', '1'],
    ['German brackets', '[', 'Digit8', 'AltGraph', '['],
    ["a programmer's brackets", ']', 'Digit0', '', ']'],
    ['the number pad', '1', 'Numpad1', '', '1'],
    ['Russian', 'т', 'KeyN', '', 'n'],
    ['Russian with Shift', 'Е', 'KeyT', 'Shift', 'T'],
    ['Russian with Caps Lock', 'Е', 'KeyT', '', 't'],
    ['Greek', 'η', 'KeyH', '', 'h'],
    ['Hebrew', 'מ', 'KeyN', '', 'n'],
    ['Arabic, a ligature', 'لا', 'KeyB', '', 'b'],
    ['Thai, a mark', 'ื', 'KeyN', '', 'n'],
    ['Persian digits', '۱', 'Digit1', '', '1'],
    ['German, a letter of its own', 'ü', 'BracketLeft', '', 'ü'],
    ['French Bépo, which has its W elsewhere', 'é', 'KeyW', '', 'é'],
    ['Polish with AltGr', 'ł', 'KeyL', 'AltGraph', 'ł'],
    ['Dvorak, by what is printed', 'n', 'KeyL', '', 'n'],
    ['Caps Lock', 'N', 'KeyN', '', 'n'],
    ['Caps Lock and Shift', 't', 'KeyT', 'Shift', 'T'],
    ['Shift', 'T', 'KeyT', 'Shift', 'T'],
    ['a bracket', ']', 'BracketRight', '', ']'],
    ['an arrow with Shift', 'ArrowLeft', 'ArrowLeft', 'Shift', 'ArrowLeft'],
  ])('%s: %s', (_, key, code, held, name) => expect(nameOf(key, code, held)).toBe(name));
});
