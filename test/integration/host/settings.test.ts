import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Uri as RealUri } from 'vscode';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { lenientSetting, panelSettings, requestFor } from '../../../extension/host/settings';
import { Backbones } from '../../../extension/host/backbones';
import { chosenModelsFolder } from '../../../extension/core/backbone/models-folder';
import { commands, Uri, user, window } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const work = await mkdtemp(path.join(os.tmpdir(), 'musc-settings-'));
afterAll(() => rm(work, { recursive: true, force: true }));
beforeEach(() => {
  user.settings = { 'musc.modelsFolder': work };
  user.errors.length = 0;
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

  it('is refused for a benchmark with a kept shape, before anything is queued', async () => {
    set({ 'musc.fit': 'keep' });
    await expect(requestFor(folder, { protocol: 'reference', category: 'all' })).rejects.toThrow(naming('keep'));
    expect(await requestFor(folder, {})).toMatchObject({ fit: 'keep' });
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
    await vi.waitFor(() => expect(opened).toHaveBeenCalledWith('workbench.action.openSettings', 'musc.panel.colormap'));
  });
});
