import { describe, expect, it } from 'vitest';
import { csvText } from '../../../extension/core/run/export/csv';
import { importLabelsCsv } from '../../../extension/core/run/import-labels';

const PICTURES = ['good/0.png', 'crack/0.png', 'crack/1.png', 'hole/-2.png'];
const labels = (text: string) => Object.fromEntries(importLabelsCsv(text, PICTURES).labels);

describe('importLabelsCsv', () => {
  it('finds its columns by name, in any order and separator', () => {
    expect(labels('label;score;path\ndefect;0.3;crack/1.png\nok;0.1;good/0.png\n')).toEqual({
      'crack/1.png': 'defect',
      'good/0.png': 'good',
    });
  });

  it('takes the label where the ground truth is listed too', () => {
    expect(labels('path,truth,label\ncrack/1.png,defect,good\ngood/0.png,good,\n')).toEqual({ 'crack/1.png': 'good' });
  });

  it('takes the first two columns without a header, backslashes, and unique names', () => {
    expect(labels('good\\0.png,0\n1.png,anomaly\n')).toEqual({ 'good/0.png': 'good', 'crack/1.png': 'defect' });
  });

  it('reads what the export writes, the formula guard included', () => {
    expect(
      labels(
        csvText([
          ['path', 'label'],
          ['hole/-2.png', 'unsure'],
          ['-2.png', 'defect'],
        ]),
      ),
    ).toEqual({
      'hole/-2.png': 'defect',
    });
  });

  it.each(['%d.png', '|a.png', '=b.png', "'c.png", "'%e.png"])('finds %s again in a list of ours', (name) => {
    const text = csvText([
      ['path', 'label'],
      [name, 'good'],
    ]);
    expect([...importLabelsCsv(text, [name, 'other.png']).labels]).toEqual([[name, 'good']]);
  });

  it('finds names however their accents are composed, and says where two pictures differ in nothing else', () => {
    const [one, two] = ['Prüfung/é.png'.normalize('NFC'), 'Prüfung/é.png'.normalize('NFD')];
    const read = (name: string, pictures: readonly string[]) => importLabelsCsv(`path,label\n${name},good\n`, pictures);
    expect([...read(two, [one]).labels.keys()]).toEqual([one]);
    expect([...read(one, [two]).labels.keys()]).toEqual([two]);
    expect([...read('é.png'.normalize('NFD'), [one]).labels.keys()]).toEqual([one]);
    expect([...read(two, [one, two]).labels.keys()]).toEqual([two]);
    expect(read('é.png', [one, two]).problems).toEqual(['line 2: 2 pictures are named "é.png"']);
  });

  it('says what does not fit, with its line', () => {
    const { labels: read, problems } = importLabelsCsv(
      'path,label\n0.png,good\nx.png,good\ncrack/0.png,maybe\ngood/0.png,\n',
      PICTURES,
    );
    expect([...read]).toEqual([]);
    expect(problems).toEqual([
      'line 2: 2 pictures are named "0.png"',
      'line 3: no picture "x.png" in this run',
      'line 4: "maybe" is no label (good, defect, unsure)',
    ]);
  });

  it('refuses what is no CSV', () => {
    expect(() => importLabelsCsv('path,label\n"open', PICTURES)).toThrow(/not a readable CSV/);
  });
});
