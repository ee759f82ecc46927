import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Uri as RealUri } from 'vscode';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  benchRequestFor,
  lenientSetting,
  namingSetting,
  panelSettings,
  requestFor,
} from '../../../extension/host/settings';
import { MuscError } from '../../../extension/core/errors';
import { Backbones } from '../../../extension/host/backbones';
import { chosenModelsFolder } from '../../../extension/core/backbone/models-folder';
import { showError } from '../../../extension/host/messages';
import { commands, Uri, user, window } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const work = await mkdtemp(path.join(os.tmpdir(), 'musc-settings-'));
afterAll(() => rm(work, { recursive: true, force: true }));
beforeEach(() => {
  user.settings = { 'musc.modelsFolder': work };
  user.errors.length = 0;
  user.root = undefined;
});
const folder = Uri.file('/data/nuts') as unknown as RealUri;
const set = (settings: Record<string, unknown>) => Object.assign(user.settings, settings);
const naming = (setting: string) =>
  expect.objectContaining({ code: 'SETTING_INVALID', where: expect.stringContaining(setting) as string }) as Error;

describe('the request of a folder', () => {
  it('has the settings, and what the caller decides against them', async () => {
    set({ 'musc.seed': 7 });
    expect(await requestFor(folder, { protocol: 'reference' })).toMatchObject({
      folder: '/data/nuts',
      backbone: 'musc-embedded',
      seed: 7,
      protocol: 'reference',
    });
  });

  it('takes the settings for what the caller left undefined', async () => {
    set({ 'musc.seed': 7, 'musc.runsLocation': '/runs' });
    const request = await requestFor(folder, { seed: undefined, out: undefined, protocol: 'reference' });
    expect(request).toMatchObject({ seed: 7, out: '/runs', protocol: 'reference' });
  });

  it('is refused where the setting names a backbone that nobody knows; what a run names is left to the engine', async () => {
    set({ 'musc.backbone': 'dinov9' });
    await expect(requestFor(folder, {})).rejects.toThrow(naming('dinov9'));
    expect(await requestFor(folder, { backbone: 'gone' })).toMatchObject({ backbone: 'gone' });
    set({ 'musc.backbone': 'nets/own.onnx' });
    expect(await requestFor(folder, {})).toMatchObject({ backbone: '/data/nuts/nets/own.onnx' });
  });

  it('names files below the home of the user by ~, and by ~ in a name nothing but that', async () => {
    set({ 'musc.backbone': '~/net.onnx', 'musc.runsLocation': '~' });
    const home = os.homedir();
    expect(await requestFor(folder, {})).toMatchObject({ backbone: path.join(home, 'net.onnx'), out: home });
    set({ 'musc.backbone': '~net.onnx', 'musc.runsLocation': 'runs~/~' });
    expect(await requestFor(folder, {})).toMatchObject({
      backbone: '/data/nuts/~net.onnx',
      out: '/data/nuts/runs~/~',
    });
  });

  it('begins the relative paths of settings at the workspace folder: for folders outside of it, too', async () => {
    user.root = '/projects/space';
    set({ 'musc.backbone': 'nets/own.onnx', 'musc.runsLocation': 'runs' });
    const there = { backbone: '/projects/space/nets/own.onnx', out: '/projects/space/runs' };
    expect(await requestFor(folder, {})).toMatchObject(there);
    expect(await requestFor(Uri.file('/projects/space/nuts') as unknown as RealUri, {})).toMatchObject(there);
    user.root = undefined;
    expect(await requestFor(folder, {})).toMatchObject({ out: '/data/nuts/runs' });
  });

  it('compares every pair in a benchmark, unless a number of subsets is chosen', async () => {
    const subsets = async (overrides = {}) => (await benchRequestFor(folder, overrides)).subsets;
    set({ 'musc.subsets': 'auto' });
    expect([await subsets(), await subsets({ subsets: 'auto' }), await subsets({ subsets: 4 })]).toEqual([1, 1, 4]);
    expect(await requestFor(folder, {})).toMatchObject({ subsets: 'auto' });
    set({ 'musc.subsets': 2 });
    expect(await subsets()).toBe(2);
  });

  it('is refused for a benchmark with a kept shape, before anything is queued', async () => {
    set({ 'musc.fit': 'keep' });
    await expect(requestFor(folder, { protocol: 'reference', category: 'all' })).rejects.toThrow(naming('keep'));
    expect(await requestFor(folder, {})).toMatchObject({ fit: 'keep' });
  });
});

describe('an image size of the settings that the backbone does not take', () => {
  const size = expect.objectContaining({
    code: 'SETTING_INVALID',
    message: 'the setting musc.imageSize must be a multiple of 14 for the backbone dinov2-vit-b-14',
    where: 'it is 512',
  }) as Error;
  const options = '--image-size';
  const engine = new MuscError('SETTING_INVALID', "an input of 512 x 512 doesn't divide into patches", { options });
  beforeEach(() => set({ 'musc.backbone': 'dinov2-vit-b-14', 'musc.imageSize': 512 }));

  it('is told before anything is queued where every picture is squashed', async () => {
    await expect(requestFor(folder, { protocol: 'reference' })).rejects.toThrow(size);
    await expect(requestFor(folder, { fit: 'squash' })).rejects.toThrow(size);
    expect(await requestFor(folder, { fit: 'squash', backbone: 'musc-embedded' })).toMatchObject({ imageSize: 512 });
    expect(await requestFor(folder, { fit: 'squash', imageSize: 520 })).toMatchObject({ imageSize: 520 });
  });

  it('is told by its setting where the pictures turned out to be squares', async () => {
    const request = await requestFor(folder, {});
    expect(await namingSetting(engine, request)).toEqual(size);
    expect(await namingSetting(engine, { ...request, imageSize: 520 })).toBe(engine); // of who asked
    expect(await namingSetting(engine, { ...request, imageSize: 518 })).toBe(engine); // something else is wrong
    expect(await namingSetting(engine, { ...request, backbone: '/own.onnx' })).toBe(engine);
    const other = new MuscError('SETTING_INVALID', 'this device runs no float16');
    expect(await namingSetting(other, request)).toBe(other);
  });

  it('is right where pictures keep their shape', async () => {
    expect(await requestFor(folder, { fit: 'keep' })).toMatchObject({ imageSize: 512 });
  });
});

describe('a place that cannot be written to', () => {
  const hint = 'choose another place by the setting musc.runsLocation, or change the permissions';
  const refused = (where: string) => new MuscError('FOLDER_READ_ONLY', 'no permission to read or write', { where });

  it('is told with the setting of the place for runs, where it is that', async () => {
    const usual = await requestFor(folder, {});
    expect(await namingSetting(refused('/data/nuts/.musc'), usual)).toMatchObject({ code: 'FOLDER_READ_ONLY', hint });
    const elsewhere = { ...usual, out: '/runs' };
    const chosen = await namingSetting(refused('/runs/20260101-000000-nuts'), elsewhere); // by who asked
    expect(chosen).toMatchObject({ hint: undefined });
    set({ 'musc.runsLocation': '/runs' });
    expect(await namingSetting(refused('/runs/20260101-000000-nuts'), elsewhere)).toMatchObject({ hint });
    expect(await namingSetting(refused('/data/nuts/a.png'), usual)).toMatchObject({ hint: undefined });
    expect(await namingSetting(refused('/runs2'), elsewhere)).toMatchObject({ hint: undefined });
  });

  it('has a message that leads to the setting', async () => {
    const opened = vi.spyOn(commands, 'executeCommand').mockClear();
    const asked = vi.spyOn(window, 'showErrorMessage').mockResolvedValueOnce('Open Setting' as never);
    await showError(await namingSetting(refused('/data/nuts/.musc'), await requestFor(folder, {})), vi.fn());
    expect(asked.mock.calls.at(-1)?.slice(1)).toEqual(['Open Setting', 'Try Again', 'Show Log']);
    expect(opened).toHaveBeenCalledWith('workbench.action.openSettings', 'musc.runsLocation');
  });
});

describe('a setting that must stop nobody', () => {
  it('has its default where it is wrong, and a message that names it', () => {
    set({ 'musc.openWhenDone': 'no', 'musc.modelsFolder': 'models' });
    expect(lenientSetting('openWhenDone', vi.fn())).toBe(true);
    expect(lenientSetting('modelsFolder', vi.fn())).toBe('');
    expect(new Backbones(vi.fn()).folder).toBe(chosenModelsFolder(undefined));
    expect(user.errors).toEqual([
      'The setting musc.openWhenDone must be true or false: it is "no". Correct it in the settings.',
      'The setting musc.modelsFolder must be the path of a folder from the root, or from ~: it is "models". Correct it in the settings.',
    ]);
  });

  it('is taken as it is where it is right', () => {
    set({ 'musc.openWhenDone': false, 'musc.modelsFolder': '~/models' });
    expect(lenientSetting('openWhenDone', vi.fn())).toBe(false);
    expect(new Backbones(vi.fn()).folder).toBe(path.join(os.homedir(), 'models'));
    expect(user.errors).toEqual([]);
  });
});

describe('how the panel shows heatmaps', () => {
  it('is as set, without a word', () => {
    const log = vi.fn();
    set({ 'musc.panel.colormap': 'jet' });
    expect(panelSettings(log)).toEqual({ colormap: 'jet', heatmapScale: 'run' });
    expect(log).not.toHaveBeenCalled();
  });

  it('is the default where a setting is wrong; a message names it, once for every wrong value', () => {
    const log = vi.fn();
    set({ 'musc.panel.colormap': 'rainbow', 'musc.panel.heatmapScale': 3 });
    expect(panelSettings(log)).toEqual({ colormap: 'turbo', heatmapScale: 'run' });
    panelSettings(log); // of another panel
    const [colormap, scale] = [
      'The setting musc.panel.colormap must be one of turbo, viridis, jet, grey: it is "rainbow". Correct it in the settings.',
      'The setting musc.panel.heatmapScale must be one of run, picture: it is 3. Correct it in the settings.',
    ];
    expect(user.errors).toEqual([colormap, scale]);
    expect(log.mock.calls).toEqual([
      ['warn', colormap],
      ['warn', scale],
    ]);
    set({ 'musc.panel.colormap': 'hot' });
    panelSettings(log);
    expect(user.errors.slice(2)).toEqual([colormap.replace('rainbow', 'hot')]);
    set({ 'musc.panel.colormap': 'jet' });
    panelSettings(log);
    set({ 'musc.panel.colormap': 'hot' });
    panelSettings(log); // made again
    expect(user.errors).toHaveLength(4);
  });

  it('has a message that leads to the setting', async () => {
    const opened = vi.spyOn(commands, 'executeCommand');
    vi.spyOn(window, 'showErrorMessage').mockResolvedValueOnce('Open Setting' as never);
    set({ 'musc.panel.colormap': 'none' });
    panelSettings(vi.fn());
    await vi.waitFor(
      () => expect(opened).toHaveBeenCalledWith('workbench.action.openSettings', 'musc.panel.colormap'),
      20_000,
    );
  });
});
