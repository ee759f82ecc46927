import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DatasetImage } from '../../../extension/core/dataset/dataset';
import { recognise, type RecogniseOptions } from '../../../extension/core/dataset/recognise';
import { runFile, runImage } from '../../../extension/protocol/run-file';

let base: string;
let root: string;
let next = 0;
beforeAll(async () => void (base = await mkdtemp(path.join(tmpdir(), 'musc-dataset-'))));
beforeEach(() => void (root = path.join(base, String(next++), 'set')));
afterAll(() => rm(base, { recursive: true }));

/** Masks in which everything is marked. */
async function marked(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await sharp(Buffer.alloc(4, 255), { raw: { width: 2, height: 2, channels: 1 } })
      .png()
      .toFile(path.join(root, name));
  }
}

/** Makes files below `root`: nothing but names matters, most are empty. */
async function tree(...files: string[]): Promise<void> {
  await mkdir(root, { recursive: true });
  for (const file of files) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), '');
  }
}

const short = ({ path: p, type, truth, mask }: DatasetImage) => [p, type, truth, mask].join(' ');

/** The one data set of a folder, its pictures as lines. */
async function one(folder = '.', options: RecogniseOptions = {}) {
  const recognised = await recognise(path.join(root, folder), options);
  expect(recognised.datasets).toHaveLength(1);
  const [dataset] = recognised.datasets;
  return { ...dataset, level: recognised.level, lines: dataset.images.map(short), text: dataset.notes.join('\n') };
}

const MVTEC = [
  'bottle/test/good/001.png',
  'bottle/test/good/000.png',
  'bottle/test/crack/000.png',
  'bottle/test/crack/010.png',
  'bottle/ground_truth/crack/000_mask.png',
  'bottle/ground_truth/crack/010_mask.png',
  'bottle/train/good/000.png',
];

describe('MVTec AD', () => {
  const lines = [
    'test/crack/000.png crack defect ground_truth/crack/000_mask.png',
    'test/crack/010.png crack defect ground_truth/crack/010_mask.png',
    'test/good/000.png good good ',
    'test/good/001.png good good ',
  ];

  test('a category', async () => {
    await tree(...MVTEC);
    const found = await one('bottle');
    expect(found).toMatchObject({ layout: 'mvtec', level: 'category', category: 'bottle', name: 'bottle', lines });
    expect(found.root).toBe(path.join(root, 'bottle'));
    expect(found.text).toMatch(/category of MVTec AD.*4 pictures.*\(crack, good\)/);
    expect(found.text).toMatch(/train folder is not used/);
  });

  test('its test folder', async () => {
    await tree(...MVTEC);
    const found = await one('bottle/test');
    expect(found).toMatchObject({ layout: 'mvtec', level: 'category', category: 'bottle' });
    expect(found.lines[0]).toBe('crack/000.png crack defect ../ground_truth/crack/000_mask.png');
  });

  test('one type: truth by its name', async () => {
    await tree(...MVTEC);
    const crack = await one('bottle/test/crack');
    expect(crack).toMatchObject({ level: 'type', name: 'bottle/crack' });
    expect(crack.lines[0]).toBe('000.png crack defect ../../ground_truth/crack/000_mask.png');
    expect((await one('bottle/test/good')).lines).toEqual(['000.png good good ', '001.png good good ']);
  });

  test('a root: every category, or the chosen one', async () => {
    await tree(...MVTEC, 'cable/test/good/0.png', 'cable/ground_truth/bent/0_mask.png', 'notes/readme.txt');
    const all = await recognise(root);
    expect(all).toMatchObject({ level: 'root', layout: 'mvtec' });
    expect(all.datasets.map((d) => d.category)).toEqual(['bottle', 'cable']);
    expect(all.notes.join()).toMatch(/2 categories: bottle, cable.*no category: notes/s);
    expect((await one('.', { category: 'Bottle' })).lines).toEqual(lines);
    await expect(recognise(root, { category: 'nut' })).rejects.toMatchObject({
      code: 'DATASET_UNCLEAR',
      hint: 'choose one of bottle, cable',
    });
  });

  test('masks: by name in exact, by position in the reference; what is odd is told', async () => {
    await tree('test/good/0.png', 'test/bent/a.png', 'test/bent/b.png', 'test/bent/c.png');
    await tree('ground_truth/bent/b_mask.png', 'ground_truth/bent/c_mask.png', 'ground_truth/bent/z_mask.png');
    const exact = await one();
    expect(exact.images.map((i) => i.mask && path.basename(i.mask))).toEqual([null, 'b_mask.png', 'c_mask.png', null]);
    expect(exact.text).toMatch(/1 defect picture has no mask: a\.png/);
    expect(exact.text).toMatch(/1 mask belongs to no picture: z_mask\.png/);
    const reference = await one('.', { protocol: 'reference' });
    expect(reference.images.map((i) => i.mask && path.basename(i.mask))).toEqual([
      'b_mask.png',
      'c_mask.png',
      'z_mask.png',
      null,
    ]);
    expect(reference.text).toMatch(/by position, which is not what the names say for b\.png, c\.png/);
  });

  test('case and extension of folders and masks may differ', async () => {
    await tree('Test/Good/0.JPG', 'Test/Bent/1.JPG', 'Ground_Truth/bent/1_MASK.PNG');
    const found = await one();
    expect(found.lines).toEqual([
      'Test/Bent/1.JPG Bent defect Ground_Truth/bent/1_MASK.PNG',
      'Test/Good/0.JPG Good good ',
    ]);
  });

  test('odd things are told: loose pictures, empty types, no masks', async () => {
    await tree('x.png', 'test/y.png', 'test/good/0.png', 'test/empty/readme.txt', 'test/good/deep/1.png');
    const { text, lines: found } = await one();
    expect(found).toEqual(['test/good/0.png good good ']);
    for (const note of [
      /directly in the test folder.*y\.png/,
      /beside the test folder.*x\.png/,
      /without pictures: empty/,
      /inside good.*deep/,
      /no ground_truth/,
    ])
      expect(text).toMatch(note);
  });
});

describe('BTAD', () => {
  const files = ['01/test/ok/0.bmp', '01/test/ko/1.bmp', '01/ground_truth/ko/1.png', '02/test/ok/0.png'];

  test('at every level', async () => {
    await tree(...files);
    const category = await one('01');
    expect(category).toMatchObject({ layout: 'btad', category: '01' });
    expect(category.lines).toEqual(['test/ko/1.bmp ko defect ground_truth/ko/1.png', 'test/ok/0.bmp ok good ']);
    expect((await one('01/test/ko')).lines).toEqual(['1.bmp ko defect ../../ground_truth/ko/1.png']);
    expect((await recognise(root)).datasets.map((d) => [d.layout, d.category])).toEqual([
      ['btad', '01'],
      ['btad', '02'],
    ]);
  });

  test('beside MVTec AD in one root is unclear', async () => {
    await tree(...files, ...MVTEC);
    await expect(recognise(root)).rejects.toMatchObject({ code: 'DATASET_UNCLEAR' });
    expect((await recognise(root, { layout: 'btad' })).datasets).toHaveLength(2);
  });
});

describe('VisA', () => {
  const files = [
    'candle/Data/Images/Normal/0.JPG',
    'candle/Data/Images/Normal/1.JPG',
    'candle/Data/Images/Anomaly/0.JPG',
    'candle/Data/Masks/Anomaly/0.png',
  ];
  const list = async (...rows: string[]) => {
    await tree('split_csv/1cls.csv');
    await writeFile(path.join(root, 'split_csv/1cls.csv'), ['object,split,label,image,mask', ...rows, ''].join('\r\n'));
  };
  const rows = [
    'candle,train,normal,candle/Data/Images/Normal/0.JPG,',
    'candle,test,normal,candle/Data/Images/Normal/1.JPG,',
    'candle,test,anomaly,candle/Data/Images/Anomaly/0.JPG,candle/Data/Masks/Anomaly/0.png',
  ];
  const lines = [
    'Data/Images/Anomaly/0.JPG anomaly defect Data/Masks/Anomaly/0.png',
    'Data/Images/Normal/1.JPG normal good ',
  ];

  test('through its list: test pictures only, at root and category level', async () => {
    await tree(...files);
    await list(...rows);
    expect(await one()).toMatchObject({ level: 'root', layout: 'visa', category: 'candle', lines });
    expect(await one('candle')).toMatchObject({ level: 'category', layout: 'visa', lines });
  });

  test('without the list: every picture, and told so', async () => {
    await tree(...files);
    const found = await one('candle');
    expect(found.lines).toHaveLength(3);
    expect(found.text).toMatch(/without its list/);
    expect((await one('candle/Data/Images/Anomaly')).lines).toEqual(['0.JPG Anomaly defect ../../Masks/Anomaly/0.png']);
    expect((await recognise(root)).datasets.map((d) => d.category)).toEqual(['candle']);
  });

  test('paths out of the folder are refused and listed, missing files too', async () => {
    await tree(...files);
    await writeFile(path.join(root, '../secret.png'), '');
    await symlink(path.join(root, '..'), path.join(root, 'candle/Data/Images/out'));
    await list(
      ...rows,
      'candle,test,normal,../secret.png,',
      'candle,test,normal,candle/../../secret.png,',
      `candle,test,normal,${path.join(root, '../secret.png')},`,
      'candle,test,normal,C:\\secret.png,',
      'candle,test,normal,candle/Data/Images/out/secret.png,',
      'candle,test,anomaly,candle/Data/Images/Normal/0.JPG,../secret.png',
      'candle,test,normal,candle/Data/Images/Normal/9.JPG,',
    );
    const found = await one();
    expect(found.lines.filter((l) => l.includes('secret'))).toEqual([]);
    expect(found.lines).toContain('Data/Images/Normal/0.JPG anomaly defect ');
    expect(found.text).toMatch(/5 paths of the list lead out/);
    expect(found.text).toMatch(/2 files of the list do not exist/);
    expect(found.text).toMatch(/1 symbolic link out of the folder/);
  });

  test('has masks of its own: another folder of them is refused and not left unused', async () => {
    await tree(...files, 'masks/0.png');
    const masks = path.join(root, 'masks');
    const refused = { code: 'SETTING_INVALID', where: masks };
    for (const folder of ['.', 'candle', 'candle/Data/Images/Anomaly'])
      await expect(recognise(path.join(root, folder), { masks, layout: 'visa' })).rejects.toMatchObject(refused);
    await list(...rows);
    for (const [folder, category] of [['.', 'candle'], ['candle']])
      await expect(recognise(path.join(root, folder), { masks, category })).rejects.toMatchObject(refused);
  });

  test('names of folders alone are no VisA: many a project has data/images', async () => {
    await tree('data/images/train/0.png', 'data/images/val/1.png', 'data/labels/0.txt');
    const lines = ['data/images/train/0.png data/images/train  ', 'data/images/val/1.png data/images/val  '];
    expect(await one()).toMatchObject({ layout: 'folder', lines });
    expect((await one('data/images/train')).lines).toEqual(['0.png   ']);
    await expect(recognise(root, { layout: 'visa' })).resolves.toMatchObject({ layout: 'visa' });
    await tree('data/masks/train/0.png');
    expect(await one()).toMatchObject({ layout: 'folder' });
  });

  test('a project with such folders below it keeps its own pictures', async () => {
    await tree('0.png', '1.png', 'repo/data/images/x/9.png');
    expect((await one()).lines.map((line) => line.split(' ')[0])).toEqual([
      '0.png',
      '1.png',
      'repo/data/images/x/9.png',
    ]);
  });

  test('paths of the list may have dots and doubled slashes', async () => {
    await tree(...files);
    await list(
      'candle,test,normal,./candle/Data/Images/Normal/0.JPG,',
      'candle,test,normal,candle/Data//Images/Normal/1.JPG,',
    );
    expect((await one()).lines.map((line) => line.split(' ')[0])).toEqual([
      'Data/Images/Normal/0.JPG',
      'Data/Images/Normal/1.JPG',
    ]);
  });

  test('a damaged list is FILE_INVALID', async () => {
    await tree(...files);
    await list();
    await writeFile(path.join(root, 'split_csv/1cls.csv'), 'a,b\n1,2\n');
    await expect(recognise(root)).rejects.toMatchObject({ code: 'FILE_INVALID' });
    await list('candle,test');
    await expect(recognise(root)).rejects.toMatchObject({ code: 'FILE_INVALID' });
  });
});

describe('any folder', () => {
  test('recursively, sorted by code unit; hidden folders, .musc and other files left out', async () => {
    await tree(
      'b.png',
      'B.jpg',
      'a/é 1%#.webp',
      'a/z.tiff',
      'a b/c.bmp',
      '.git/x.png',
      '.musc/y.png',
      'readme.txt',
      'a/.z.png',
    );
    const found = await one();
    expect(found).toMatchObject({ layout: 'folder', level: 'folder', category: null, name: 'set' });
    expect(found.lines).toEqual(['B.jpg   ', 'b.png   ', 'a/z.tiff a  ', 'a/é 1%#.webp a  ', 'a b/c.bmp a b  ']);
  });

  test('symbolic links: loops end, links out are not followed and told of', async () => {
    await tree('a/1.png', 'b/2.png');
    await writeFile(path.join(root, '../outside.png'), '');
    await symlink(root, path.join(root, 'a/loop'));
    await symlink('self', path.join(root, 'self'));
    await symlink('../outside.png', path.join(root, 'out.png'));
    await symlink('a/1.png', path.join(root, 'again.png'));
    const found = await one();
    expect(found.images.map((i) => i.path)).toEqual(['a/1.png', 'b/2.png']);
    expect(found.text).toMatch(/2 symbolic links out of the folder or to nothing, not followed: out\.png, self/);
  });

  test('links into a hidden store are pictures: data sets under version control are made of them', async () => {
    await tree('.git/annex/objects/1', '.git/annex/objects/2', 'a/own.png');
    await symlink('.git/annex/objects/1', path.join(root, '1.png'));
    await symlink('../.git/annex/objects/2', path.join(root, 'a/2.png'));
    await symlink('../.git', path.join(root, 'a/git'));
    expect((await one()).images.map((i) => i.path)).toEqual(['1.png', 'a/2.png', 'a/own.png']);
  });

  test('nothing but links out is an error that says so', async () => {
    await tree();
    await symlink(base, path.join(root, 'out'));
    await expect(recognise(root)).rejects.toMatchObject({ code: 'TOO_FEW_IMAGES' });
  });

  test('label-like subfolders are hinted at, and taken when asked for', async () => {
    await tree('good/1.png', 'bent/2.png');
    const plain = await one();
    expect(plain.images.every((i) => i.truth === null)).toBe(true);
    expect(plain.text).toMatch(/look like labels.*choose the layout mvtec/);
    expect((await one('.', { layout: 'mvtec' })).lines).toEqual(['bent/2.png bent defect ', 'good/1.png good good ']);
  });

  test('a folder of masks gives truth: marked is a defect, all zero or none is good', async () => {
    await tree('p/a.png', 'p/b.png', 'p/c.png', 'masks/p/x');
    const mask = (name: string, value: number) =>
      sharp(Buffer.alloc(4, value), { raw: { width: 2, height: 2, channels: 1 } })
        .png()
        .toFile(path.join(root, 'masks', name));
    await mask('p/a.png', 255);
    await mask('b_mask.png', 0);
    const found = await one('.', { masks: path.join(root, 'masks') });
    expect(found.lines).toEqual(['p/a.png p defect masks/p/a.png', 'p/b.png p good ', 'p/c.png p good ']);
    expect(found.text).toMatch(/1 picture with a marked mask counts as a defect, the other 2 as good/);
  });

  test('masks among the pictures are no pictures, however their folder is spelled', async () => {
    await tree('p/a.png', 'p/b.png');
    await marked('masks/p/a.png');
    await symlink('set', path.join(root, '../link'));
    const lines = ['p/a.png p defect masks/p/a.png', 'p/b.png p good '];
    for (const [folder, masks] of [
      ['.', '../link/masks'],
      ['../link', 'masks'],
      ['.', 'masks/.'],
    ])
      expect((await one(folder, { masks: path.join(root, masks) })).lines).toEqual(lines);
    await symlink('masks', path.join(root, 'm'));
    expect((await one('.', { masks: path.join(root, 'm') })).lines).toEqual(lines);
  });

  test('masks in the folder of the pictures itself are those that are named so, and no pictures', async () => {
    await tree('a.png', 'good/b.png');
    await marked('a_mask.png', 'good/c_gt.png');
    await symlink('set', path.join(root, '../link'));
    for (const masks of ['.', '../link']) {
      const found = await one('.', { masks: path.join(root, masks) });
      expect(found.lines).toEqual(['a.png  defect a_mask.png', 'good/b.png good good ']);
      expect(found.text).toMatch(/plain folder: 2 pictures.*1 mask belongs to no picture: good\/c_gt\.png/s);
    }
  });

  test('no picture is a mask of itself: a folder of pictures alone is refused as that of the masks', async () => {
    await tree('plain/001.png', 'plain/002.png', ...MVTEC);
    for (const [folder, masks] of [
      ['plain', 'plain'],
      ['bottle', 'bottle/test'],
      ['bottle/test/crack', 'bottle/test'],
    ])
      await expect(one(folder, { masks: path.join(root, masks) })).rejects.toMatchObject({
        code: 'SETTING_INVALID',
        where: path.join(root, masks),
      });
  });

  test('a folder of masks around that of the pictures: they are not looked for among these', async () => {
    await tree('pictures/a.png', 'pictures/b.png');
    const alone = await one('pictures', { masks: root });
    expect([alone.lines, alone.text]).toEqual([
      ['a.png   ', 'b.png   '],
      expect.stringMatching(/No mask has the name of a picture/),
    ]);
    await marked('masks/a.png');
    expect((await one('pictures', { masks: root })).lines).toEqual(['a.png  defect ../masks/a.png', 'b.png  good ']);
  });

  test('a mask belongs to one picture: names that several folders have are told apart by their folder', async () => {
    await tree('good/000.png', 'good/001.png', 'crack/000.png', 'crack/001.png');
    await marked('masks/crack/000.png', 'masks/crack/001.png', 'masks/dent/007.png');
    const found = await one('.', { masks: path.join(root, 'masks') });
    expect(found.images.map(({ path: p, truth }) => `${p} ${truth}`)).toEqual([
      'crack/000.png defect',
      'crack/001.png defect',
      'good/000.png good',
      'good/001.png good',
    ]);
    expect(found.text).toMatch(/1 mask belongs to no picture: dent\/007\.png/);
  });

  test('letters with marks are the same however a system writes them', async () => {
    await tree(...['prüfung', 'naht'].map((name) => `${name.normalize('NFD')}.png`));
    await marked(`masks/${'prüfung'.normalize('NFC')}.png`);
    const found = await one('.', { masks: path.join(root, 'masks') });
    expect(found.images.map(({ truth }) => truth)).toEqual(['good', 'defect']);
  });

  test('a whole name goes before one without its ending', async () => {
    await tree('shirt.png', 'shirt_label.png', 'shoe.png');
    await marked('masks/shirt.png', 'masks/shoe_mask.png');
    await mkdir(path.join(root, 'masks'), { recursive: true });
    await sharp(Buffer.alloc(4), { raw: { width: 2, height: 2, channels: 1 } })
      .png()
      .toFile(path.join(root, 'masks/shirt_label.png'));
    const found = await one('.', { masks: path.join(root, 'masks') });
    expect(found.images.map(({ path: p, truth }) => `${p} ${truth}`)).toEqual([
      'shirt.png defect',
      'shirt_label.png good',
      'shoe.png defect',
    ]);
  });

  test('masks behind a link that leads elsewhere are refused, too: the run could not open them again', async () => {
    await tree('a.png', 'b.png', ...MVTEC);
    await mkdir(path.join(root, '../elsewhere'), { recursive: true });
    await symlink('../elsewhere', path.join(root, 'masks'));
    for (const folder of ['.', 'bottle'])
      await expect(
        one(folder, { masks: path.join(root, 'masks'), layout: folder === '.' ? 'folder' : 'auto' }),
      ).rejects.toMatchObject({
        code: 'SETTING_INVALID',
      });
  });

  test('a category takes links within a folder of masks that lies elsewhere, and tells of those out of it', async () => {
    await tree(...MVTEC, 'masks/store/a.png');
    await mkdir(path.join(root, 'masks/crack'));
    await symlink('../store/a.png', path.join(root, 'masks/crack/000_mask.png'));
    await symlink('../../bottle/ground_truth/crack/010_mask.png', path.join(root, 'masks/crack/010_mask.png'));
    const found = await one('bottle', { masks: path.join(root, 'masks') });
    expect(found.images.map(({ mask }) => mask)).toEqual(['../masks/crack/000_mask.png', null, null, null]);
    expect(found.text).toMatch(/1 symbolic link out of the folder or to nothing, not followed: crack\/010_mask\.png/);
  });

  test('masks too far away are refused before anything is scored', async () => {
    await tree('a/b/c/d/e/f/0.png', 'masks/0.png');
    await expect(one('a/b/c/d/e/f', { masks: path.join(root, 'masks') })).rejects.toMatchObject({
      code: 'SETTING_INVALID',
    });
    await expect(one('a/b/c/d/e', { masks: path.join(root, 'masks') })).resolves.toBeDefined();
  });

  test('pictures beside categories are told of', async () => {
    await tree(...MVTEC, 'loose.png');
    expect((await recognise(root)).notes.join(' ')).toMatch(
      /Not scored, as they lie beside the categories: loose\.png/,
    );
  });

  test('a layout that does not fit, a folder that is not there, a file', async () => {
    await tree('a.png');
    for (const layout of ['mvtec', 'btad', 'visa'] as const)
      await expect(recognise(root, { layout })).rejects.toMatchObject({ code: 'DATASET_UNCLEAR' });
    await expect(recognise(path.join(root, 'none'))).rejects.toMatchObject({ code: 'FOLDER_NOT_FOUND' });
    await expect(recognise(path.join(root, 'a.png'))).rejects.toMatchObject({ code: 'FOLDER_NOT_FOUND' });
    await expect(recognise(root, { masks: path.join(root, 'm') })).rejects.toMatchObject({ code: 'FOLDER_NOT_FOUND' });
    await expect(recognise(root, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('what a run file cannot hold', () => {
  /** A data set that a run can be written of. */
  async function recorded(...asked: Parameters<typeof one>) {
    const found = await one(...asked);
    const { layout, category, name, notes } = found;
    expect(runFile.shape.dataset.safeParse({ layout, category, name, notes }).error).toBeUndefined();
    for (const image of found.images)
      expect(runImage.pick({ type: true, mask: true }).safeParse(image).error).toBeUndefined();
    return found;
  }

  test('a long name of a category with its type is shortened: its end tells more', async () => {
    const [category, type] = ['c'.repeat(200), 't'.repeat(200)];
    await tree(`${category}/test/${type}/0.png`, `${category}/test/good/0.png`);
    const { name } = await recorded(`${category}/test/${type}`);
    expect(name).toBe(`${'c'.repeat(54)}/${type}`);
  });

  test('a long label of a list is shortened', async () => {
    const label = `b${'a'.repeat(255)}`;
    await tree('pcb/Data/Images/0.png', 'split_csv/1cls.csv');
    await writeFile(
      path.join(root, 'split_csv/1cls.csv'),
      `object,split,label,image,mask\npcb,test,${label},pcb/Data/Images/0.png,\n${'p'.repeat(256)},test,good,x.png,\n`,
    );
    expect((await recorded()).images.map(({ type }) => type)).toEqual(['a'.repeat(255)]);
  });

  test('so is the path of a deep folder', async () => {
    const deep = ['d'.repeat(200), 'e'.repeat(100)].join('/');
    await tree(`${deep}/0.png`);
    expect((await recorded()).images[0].type).toHaveLength(255);
  });

  test.skipIf(process.platform === 'win32')('a mask whose path has a backslash is none, and told of', async () => {
    await tree('a.png', 'b.png', 'bottle/test/bent/0.png', 'bottle/test/good/0.png');
    await marked('ma\\sks/a.png', 'bottle/ground_truth/bent/x\\y.png');
    const plain = await recorded('.', { layout: 'folder', masks: path.join(root, 'ma\\sks') });
    expect(plain.lines[0]).toBe('a.png  defect ');
    const category = await recorded('bottle', { protocol: 'reference' });
    expect(category.lines[0]).toBe('test/bent/0.png bent defect ');
    for (const [{ text }, mask] of [
      [plain, 'ma\\sks/a.png'],
      [category, 'ground_truth/bent/x\\y.png'],
    ] as const)
      expect(text).toContain(`1 mask not used, as a run cannot hold its name (a backslash or colon): ${mask}.`);
  });
});
