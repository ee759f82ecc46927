import { describe, expect, it } from 'vitest';
import { hasMacKeys, keyList, redoKey, undoKey } from '../../../webview/model/key-list';

describe('the list of keys', () => {
  it.each([
    ['MacIntel', true],
    ['iPad', true],
    ['Win32', false],
    ['Linux x86_64', false],
    ['', false],
  ])('on %j has the keys of a Mac: %j', (platform, mac) => expect(hasMacKeys(platform)).toBe(mac));

  it.each([
    [false, ['Ctrl+Z', 'Ctrl+Y', 'Ctrl+arrows, Space', 'Ctrl+A', 'Enter', 'Home End', 'PgUp PgDn', '← → ↑ ↓']],
    [true, ['Cmd+Z', 'Shift+Cmd+Z', 'Cmd+arrows, Space', 'Cmd+A', 'Enter', 'Home End', 'PgUp PgDn', '← → ↑ ↓']],
  ])('on a Mac (%j) prints its own', (mac, keys) => {
    expect(keyList(mac).map(([key]) => key)).toEqual(expect.arrayContaining(keys));
    expect([undoKey(mac), redoKey(mac)]).toEqual(keys.slice(0, 2));
  });

  it('says each once', () => {
    for (const mac of [false, true]) {
      const lines = keyList(mac);
      expect(new Set(lines.map(([key]) => key)).size).toBe(lines.length);
      expect(new Set(lines.map(([, what]) => what)).size).toBe(lines.length);
    }
  });
});
