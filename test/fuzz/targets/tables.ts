import { parseVisaList } from '../../../extension/core/dataset/visa-list';
import { csvCell, csvText } from '../../../extension/core/run/export/csv';
import { escapeHtml } from '../../../extension/core/run/export/html';
import { importLabelsCsv } from '../../../extension/core/run/import-labels';
import { mutateBytes } from '../mutate-bytes';
import { decode, encode, mustHold, type FuzzTarget } from '../target';

const PICTURES = ['good/0.png', 'good/1.png', 'cut/0.png', '-2.png', '__proto__', '<b>.png'];
const words = [
  '"',
  '""',
  '\r\n',
  '\n',
  ';',
  '\t',
  ',',
  '\uFEFF',
  '__proto__',
  "'=1",
  '../..',
  'path,label',
  'image',
  'C:\\x',
  '\0',
];

const sheets = [
  'path,label\r\ngood/0.png,good\r\ncut/0.png,defect\r\n',
  'label;picture\n1;cut/0.png\n0;good\\1.png\n',
  '"good/0.png"\t"unsure"\n"__proto__"\t"bad"\n',
].map(encode);

const labels: FuzzTarget<string> = {
  name: 'labels-csv',
  codes: ['FILE_INVALID'],
  generate: (random) => decode(mutateBytes(sheets, random, words)),
  run: (input) => {
    for (const [path, label] of importLabelsCsv(input, PICTURES).labels) {
      mustHold(PICTURES.includes(path), 'only pictures of the run get labels');
      mustHold(label === 'good' || label === 'defect' || label === 'unsure', 'only labels of ours');
    }
  },
};

const lists = [
  'object,split,label,image,mask\ncandle,test,normal,candle/Data/Images/Normal/0.JPG,\ncandle,test,anomaly,candle/Data/Images/Anomaly/0.JPG,candle/Data/Masks/Anomaly/0.png\n',
  '\uFEFFimage,label,split,object\r\n"a/b.png",normal,train,a\r\n',
].map(encode);

const visa: FuzzTarget<string> = {
  name: 'visa-list',
  codes: ['FILE_INVALID'],
  generate: (random) => decode(mutateBytes(lists, random, words)),
  run: (input) => {
    for (const { object, image } of parseVisaList(input, 'x'))
      mustHold(object !== '' && image !== '' && image.length <= 4096, 'every row names a picture');
  },
};

/** Not a parser, but what stands between a stranger's file name and a spreadsheet or a browser. */
const cells: FuzzTarget<string> = {
  name: 'cells-and-markup',
  codes: [],
  generate: (random) =>
    decode(
      mutateBytes([encode('=cmd|calc'), encode('a"b,c'), encode('<img src=x onerror=1>'), encode('x')], random, words),
    ),
  run: (input) => {
    const cell = csvCell(input);
    mustHold(!/^"?[=+\-@\t\r\n|%]/.test(cell), 'no cell begins as a formula');
    mustHold(csvText([[input, 1]]).endsWith('\r\n'), 'a row ends');
    mustHold(!/[<>"']/.test(escapeHtml(input)), 'no markup in text');
  },
};

export const tableTargets: readonly FuzzTarget[] = [labels, visa, cells] as readonly FuzzTarget[];
