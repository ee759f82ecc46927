import type nodePath from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { RunFile } from '../../../extension/protocol/run-file';
import { backboneIdOf } from '../../../extension/core/backbone/backbone-id';
import { isModelsFolder } from '../../../extension/core/backbone/models-folder';
import { datasetRoot, liesInUsualPlace, rootFromRun } from '../../../extension/core/run/run-folder';
import { labelKeys } from '../../../extension/core/run/run-labels';
import { joinInside } from '../../../extension/core/run/safe-path';
import { folderAround, folderOfRun, placeOf } from '../../../extension/host/run-headline';
import { scoreDefaults } from '../../../extension/host/score-settings';

// Paths as Windows has them, whatever the machine: drives, backslashes, shares.
vi.mock('node:path', async (original) => {
  const { win32 } = await original<typeof nodePath>();
  return { ...win32, default: win32 };
});
/** The editor writes drives in small letters. */
vi.mock('vscode', () => ({
  l10n: { t: (text: string) => text },
  Uri: { file: (file: string) => ({ fsPath: file.replace(/^[A-Z]:/, (drive) => drive.toLowerCase()) }) },
}));

const FOLDER = 'C:\\Fotos\\Nüsse #1 100%';
const RUN = `${FOLDER}\\.musc\\runs\\20260102-030405-nuts\\run.musc.json`;
const SHARE = '\\\\server\\share\\parts';
const runOf = (root: string, ...paths: string[]): RunFile =>
  ({ root, images: paths.map((path) => ({ path })) }) as unknown as RunFile;

describe('on Windows', () => {
  it('a run knows its folder, on a drive or a share', () => {
    expect(folderAround(RUN)).toBe(FOLDER);
    expect(folderAround(`${SHARE}\\.musc\\runs\\x\\run.musc.json`)).toBe(SHARE);
    expect(folderAround('D:\\runs\\x\\run.musc.json')).toBeNull();
    expect(folderOfRun('D:\\runs\\x\\run.musc.json', 'C:/Fotos')).toBe('C:\\Fotos');
    expect(placeOf('C:\\Fotos\\a\\..')).toBe('c:\\Fotos');
  });

  it('a run file names its pictures from itself, or with drive and forward slashes', () => {
    const [usual, elsewhere] = [rootFromRun(`${FOLDER}\\.musc\\runs\\x`, FOLDER), rootFromRun('D:\\runs\\x', FOLDER)];
    expect([usual, elsewhere]).toEqual(['../../..', 'C:/Fotos/Nüsse #1 100%']);
    expect(rootFromRun('D:\\runs\\x', SHARE)).toBe('//server/share/parts');
    expect(datasetRoot(RUN, { root: usual })).toBe(FOLDER);
    expect(datasetRoot('D:\\runs\\x\\run.musc.json', { root: elsewhere })).toBe(FOLDER);
    expect(datasetRoot('D:\\runs\\x\\run.musc.json', { root: '//server/share/parts' })).toMatch(
      /^\\\\server\\share\\parts\\?$/,
    );
    expect(liesInUsualPlace(RUN, { root: usual })).toBe(true);
    expect(liesInUsualPlace('D:\\runs\\x\\run.musc.json', { root: elsewhere })).toBe(false);
  });

  it('labels have forward slashes, so they are the same on every system', () => {
    expect(labelKeys(RUN, runOf('../../..', 'good/000.png'))).toEqual({ folder: FOLDER, keys: ['good/000.png'] });
    const other = runOf('D:/moved', 'good/000.png'); // relinked to another drive
    expect(labelKeys(RUN, other)).toEqual({ folder: 'D:\\moved', keys: ['good/000.png'] });
  });

  it('pictures are found below their folder, and nowhere else', () => {
    expect(joinInside(FOLDER, 'good/000.png', { platform: 'win32' })).toBe(`${FOLDER}\\good\\000.png`);
    for (const path of ['..\\x.png', 'D:/x.png', '\\\\server\\x.png', 'a:b.png'])
      expect(() => joinInside(FOLDER, path, { platform: 'win32' })).toThrow(
        expect.objectContaining({ code: 'FILE_INVALID' }),
      );
  });

  it('settings and imports take its paths', () => {
    for (const folder of ['C:\\models', '\\\\server\\models', '~\\models', ''])
      expect(isModelsFolder(folder)).toBe(true);
    expect(isModelsFolder('models')).toBe(false);
    expect(backboneIdOf('C:\\Nets\\My Net v2.onnx')).toBe('my-net-v2');
    const set: Record<string, unknown> = {
      backbone: 'C:\\Nets\\own.onnx',
      runsLocation: 'D:\\runs',
      modelsFolder: 'C:\\models',
      imageSize: null,
      layout: 'auto',
      fit: 'auto',
      degrees: 'auto',
      keep: [0, 0.3],
      rscin: 'auto',
      subsets: 'auto',
      seed: 0,
      protocol: 'exact',
      device: 'auto',
      threads: 0,
      memoryLimit: 0,
      downloadMirror: '',
    };
    const resolved: string[] = [];
    const request = scoreDefaults(
      (key) => set[key],
      (file) => (resolved.push(file), file),
    );
    expect(request).toMatchObject({ backbone: 'C:\\Nets\\own.onnx', out: 'D:\\runs', models: 'C:\\models' });
    expect(resolved.sort()).toEqual(['C:\\Nets\\own.onnx', 'D:\\runs']);
  });
});
