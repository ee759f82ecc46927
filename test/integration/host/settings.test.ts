import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Uri as RealUri } from 'vscode';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { panelSettings, requestFor } from '../../../extension/host/settings';
import { Uri, user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const work = await mkdtemp(path.join(os.tmpdir(), 'musc-settings-'));
afterAll(() => rm(work, { recursive: true, force: true }));
beforeEach(() => void (user.settings = { 'musc.modelsFolder': work }));
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

  it('is refused where the setting names a backbone that nobody knows; what a run names is left to the engine', async () => {
    set({ 'musc.backbone': 'dinov9' });
    await expect(requestFor(folder, {})).rejects.toThrow(naming('dinov9'));
    expect(await requestFor(folder, { backbone: 'gone' })).toMatchObject({ backbone: 'gone' });
    set({ 'musc.backbone': 'nets/own.onnx' });
    expect(await requestFor(folder, {})).toMatchObject({ backbone: '/data/nuts/nets/own.onnx' });
  });

  it('is refused for a benchmark with a kept shape, before anything is queued', async () => {
    set({ 'musc.fit': 'keep' });
    await expect(requestFor(folder, { protocol: 'reference', category: 'all' })).rejects.toThrow(naming('keep'));
    expect(await requestFor(folder, {})).toMatchObject({ fit: 'keep' });
  });
});

describe('how the panel shows heatmaps', () => {
  it('is as set, without a word', () => {
    const log = vi.fn();
    set({ 'musc.panel.colormap': 'jet' });
    expect(panelSettings(log)).toEqual({ colormap: 'jet', heatmapScale: 'run' });
    expect(log).not.toHaveBeenCalled();
  });

  it('is the default where a setting is wrong, and the log names it', () => {
    const log = vi.fn();
    set({ 'musc.panel.colormap': 'rainbow', 'musc.panel.heatmapScale': 3 });
    expect(panelSettings(log)).toEqual({ colormap: 'turbo', heatmapScale: 'run' });
    expect(log.mock.calls).toEqual([
      ['warn', 'The setting musc.panel.colormap must be one of turbo, viridis, jet, grey; it is "rainbow".'],
      ['warn', 'The setting musc.panel.heatmapScale must be one of run, picture; it is 3.'],
    ]);
  });
});
