import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, csvText, withoutGuard } from '../../../extension/core/run/export/csv';

describe('csv', () => {
  it.each([
    ['=1+1', `"'=1+1"`],
    ['=cmd|"/c calc"!A1', `"'=cmd|""/c calc""!A1"`],
    ['+49', `"'+49"`],
    ['-2.png', `"'-2.png"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['|x', `"'|x"`],
    ['%x', `"'%x"`],
    ['a=b', 'a=b'],
    ['a,b', '"a,b"'],
    ['a;b', '"a;b"'],
    ['say "hi"', '"say ""hi"""'],
    [' x', '" x"'],
    ['', ''],
  ])('%j becomes %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it('numbers stay numbers, nothing stays empty', () => {
    expect([-1.5, null, undefined, true].map(csvCell)).toEqual(['-1.5', '', '', 'true']);
  });

  it('reads back, and no cell begins as a formula', () => {
    const cell = fc.string({ maxLength: 12, unit: fc.constantFrom(...'=+-@,;"\'\t\r\n|% abü') });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const read = parse(csvText([['a', 'b'], ...rows]), { relax_column_count: true }) as string[][];
        expect(read).toHaveLength(rows.length + 1);
        for (const [i, row] of rows.entries())
          for (const [j, value] of row.entries()) {
            const got = read[i + 1][j];
            expect(got).not.toMatch(/^[=+\-@\t\r]/);
            expect([value, `'${value}`]).toContain(got);
            if (!value.startsWith("'")) expect(withoutGuard(got)).toBe(value);
          }
      }),
    );
  });
});
