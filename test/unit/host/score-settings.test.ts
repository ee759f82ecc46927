import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelsFolder } from '../../../extension/core/backbone/models-folder';
import { isNetworkFile } from '../../../extension/host/network-file';
import {
  checkSetting,
  scoreDefaults,
  scoreSettings,
  type ScoreSettingKey,
} from '../../../extension/host/score-settings';

interface Section {
  readonly properties: Readonly<Record<string, { readonly default: unknown; readonly markdownDescription?: string }>>;
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { contributes: { configuration: Section[] } };
const declared = Object.assign(
  {},
  ...manifest.contributes.configuration.map(({ properties }) => properties),
) as Section['properties'];
const defaults = (key: string) => declared[`musc.${key}`]?.default;
const resolve = (file: string) => `/base/${file}`;

describe('settings of a run', () => {
  it('are all declared, and their defaults are allowed', () => {
    for (const key of Object.keys(scoreSettings)) {
      expect(declared, key).toHaveProperty([`musc.${key}`]);
      expect(() => checkSetting(key as ScoreSettingKey, defaults(key))).not.toThrow();
    }
  });

  it('become a request: what is empty is left out, paths are resolved, gigabytes are bytes', () => {
    const set: Record<string, unknown> = { memoryLimit: 1.5, runsLocation: 'runs', backbone: 'net.onnx' };
    const request = scoreDefaults((key) => set[key] ?? defaults(key), resolve);
    expect(request).toMatchObject({
      memoryBytes: 1.5e9,
      out: '/base/runs',
      backbone: '/base/net.onnx',
      degrees: 'auto',
      models: modelsFolder(), // what was installed is found without any setting
    });
    set.modelsFolder = '~/networks';
    expect(scoreDefaults((key) => set[key] ?? defaults(key), resolve).models).toBe(path.join(os.homedir(), 'networks'));
  });

  it.each<[ScoreSettingKey, unknown]>([
    ['degrees', [2]],
    ['degrees', []],
    ['degrees', 'three'],
    ['keep', [0.3, 0.3]],
    ['keep', [0]],
    ['rscin', 'on'],
    ['rscin', [0]],
    ['subsets', 0],
    ['subsets', '2'],
    ['seed', -1],
    ['imageSize', 8],
    ['imageSize', 224.5],
    ['device', 'tpu'],
    ['protocol', null],
    ['threads', 1000],
    ['memoryLimit', -1],
    ['backbone', '  '],
  ])('a wrong %s is named, with what it must be: %j', (key, value) => {
    const wrong = () => scoreDefaults((k) => (k === key ? value : defaults(k)), resolve);
    expect(wrong).toThrow(
      expect.objectContaining({ code: 'SETTING_INVALID', message: expect.stringMatching(`musc\\.${key} must `) }),
    );
  });
});

it('tells network files from ids', () => {
  expect(['a.onnx', 'b.SAFETENSORS', './net', 'C:\\net'].map(isNetworkFile)).toEqual([true, true, true, true]);
  expect(['musc-embedded', 'dinov2-b-14'].map(isNetworkFile)).toEqual([false, false]);
});
