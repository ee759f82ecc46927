import fc from 'fast-check';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { joinInside } from '../../../extension/core/run/safe-path';

const ROOT = path.resolve('/data/set');

describe('joinInside', () => {
  it.each([
    ['', 'empty'],
    ['/etc/passwd', 'absolute'],
    ['//server/share/x.png', 'UNC with slashes'],
    ['\\\\server\\share\\x.png', 'UNC'],
    ['C:/x.png', 'drive'],
    ['c:x.png', 'drive-relative'],
    ['a\\..\\..\\x.png', 'backslashes'],
    ['../x.png', 'one up'],
    ['a/../../x.png', 'up in the middle'],
    ['a/..', 'up at the end'],
    ['..', 'the parent'],
    ['.', 'the folder itself'],
    ['a/./b.png', 'a dot'],
    ['a//b.png', 'an empty part'],
    ['a/', 'a trailing slash'],
    ['a\0.png', 'NUL'],
    ['x'.repeat(5000), 'too long'],
  ])('refuses %j (%s)', (relative) => {
    expect(() => joinInside(ROOT, relative)).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }));
  });

  it.each(['con', 'NUL.png', 'a/COM1.txt', 'lpt9', 'aux.tar.gz', 'a.png:stream', 'a.', 'b ', 'conin$', 'com¹'])(
    'refuses %j on Windows, where it is a device or another file',
    (relative) => {
      expect(() => joinInside(ROOT, relative, { platform: 'win32' })).toThrow(/device|out of/);
      expect(joinInside(ROOT, relative, { platform: 'linux' })).toBe(path.join(ROOT, relative));
    },
  );

  it.each([
    ['a.png', 'a.png'],
    ['a/b c/ü.png', 'a/b c/ü.png'],
    ['..a/b.png', '..a/b.png'],
    ['a../b.png', 'a../b.png'],
    ['constant.png', 'constant.png'],
    ['__proto__/x.png', '__proto__/x.png'],
  ])('takes %j', (relative, expected) => {
    expect(joinInside(ROOT, relative)).toBe(path.join(ROOT, expected));
  });

  it('climbs as far as allowed, at the beginning only', () => {
    expect(joinInside(ROOT, '../../m/x.png', { climb: 2 })).toBe(path.resolve(ROOT, '../../m/x.png'));
    expect(() => joinInside(ROOT, '../../../m/x.png', { climb: 2 })).toThrow();
    expect(() => joinInside(ROOT, '../m/../x.png', { climb: 2 })).toThrow();
    expect(() => joinInside(ROOT, '..', { climb: 2 })).toThrow();
  });

  it('whatever comes in, what comes out lies below the root', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'b.png', 'C:', '\\', '~', '...', ' ', '..\\', '%2e%2e');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        try {
          const got = joinInside(ROOT, parts.join('/'));
          expect(path.relative(ROOT, got)).not.toMatch(/^\.\.(\/|\\|$)/);
          expect(path.isAbsolute(path.relative(ROOT, got))).toBe(false);
        } catch (error) {
          expect(error).toMatchObject({ code: 'FILE_INVALID' });
        }
      }),
    );
  });
});
