import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { modelsFolder } from '../../../extension/core/backbone/models-folder';
import { settingSchemas } from '../../../extension/core/pipeline/resolve-settings';
import { isNetworkFile } from '../../../extension/host/network-file';
import {
  checkBackbone,
  checkSetting,
  checkTogether,
  scoreDefaults,
  scoreSettings,
  type ScoreSettingKey,
} from '../../../extension/host/score-settings';
import { accepts, type SettingSchema } from './accepts';

vi.mock('vscode', () => ({
  l10n: {
    t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])),
  },
}));

interface Section {
  readonly properties: Readonly<Record<string, SettingSchema & { readonly default: unknown }>>;
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
    ['degrees', [3, 3]],
    ['degrees', [17]],
    ['keep', [0, 0]],
    ['keep', [0, 2e6]],
    ['keep', [0]],
    ['rscin', 'on'],
    ['rscin', [-1]],
    ['rscin', [1001]],
    ['rscin', []],
    ['subsets', 0],
    ['subsets', '2'],
    ['seed', -1],
    ['imageSize', 8],
    ['imageSize', 224.5],
    ['device', 'tpu'],
    ['protocol', null],
    ['threads', 1000],
    ['memoryLimit', -1],
    ['memoryLimit', 0.1],
    ['memoryLimit', 5000],
    ['fit', 'crop'],
    ['backbone', '  '],
  ])('a wrong %s is named, with what it must be: %j', (key, value) => {
    const wrong = () => scoreDefaults((k) => (k === key ? value : defaults(k)), resolve);
    expect(wrong).toThrow(
      expect.objectContaining({ code: 'SETTING_INVALID', message: expect.stringMatching(`musc\\.${key} must `) }),
    );
  });
});

/** Values at and around every border: what the settings' own schema says of them in the editor must be what the run does. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  backbone: ['musc-embedded', '', '  ', 5],
  imageSize: [null, 31, 32, 2048, 2049, 224.5, '224'],
  fit: ['auto', 'squash', 'keep', 'crop'],
  degrees: ['auto', 'three', [], [2], [3, 3], [1, 3, 5], [15], [17], [-1], [1, 3, 5, 7, 9, 11, 13, 15]],
  keep: ['auto', [0], [0, 0], [0, 0.3], [0.3, 0], [0, 1e6], [0, 2e6], [-1, 1], [0, 1, 2]],
  rscin: ['auto', 'off', 'on', [], [0], [-1], [1.5], [1000], [1001], new Array(16).fill(1), new Array(17).fill(1)],
  subsets: ['auto', 0, 1, 1000, 1001, 1.5, '2'],
  seed: [-1, 0, 4294967295, 4294967296, 0.5],
  protocol: ['exact', 'reference', 'Exact'],
  device: ['auto', 'tpu'],
  threads: [-1, 0, 256, 257],
  memoryLimit: [-1, 0, 0.001, 0.249, 0.25, 4096, 4097, '1'],
  'panel.colormap': ['turbo', 'grey', 'rainbow', null, 3],
  'panel.heatmapScale': ['run', 'picture', 'Run'],
  downloadMirror: ['', ' ', 'https://hub.example', 'http://127.0.0.1:8080/x', 'ftp://hub.example', 'hub.example', 5],
};

describe('what the editor, the host and the engine accept', () => {
  it.each(Object.entries(VALUES))('of musc.%s is the same', (key, values) => {
    const schema = declared[`musc.${key}`];
    for (const value of values) {
      const host = scoreSettings[key as ScoreSettingKey].safeParse(value).success;
      expect(accepts(schema, value), `package.json of ${key}: ${JSON.stringify(value)}`).toBe(host);
      const engineKey = key === 'memoryLimit' ? 'memoryBytes' : key;
      if (!host || !Object.hasOwn(settingSchemas, engineKey)) continue;
      const sent = key === 'memoryLimit' ? Math.round((value as number) * 1e9) : value;
      expect(settingSchemas[engineKey as keyof typeof settingSchemas].safeParse(sent).success, key).toBe(true);
    }
  });
});

describe('settings that do not go together', () => {
  const settings = (changes: object) => ({ ...scoreDefaults(defaults, resolve), ...changes });
  const fit = expect.objectContaining({
    code: 'SETTING_INVALID',
    message: 'the setting musc.fit must not be "keep" in the reference protocol',
  }) as Error;

  it('name the setting: a kept shape in the reference protocol, which benchmarks take by default', () => {
    const request = settings({ fit: 'keep', protocol: 'reference' });
    expect(() => checkTogether(request, {})).toThrow(fit);
    expect(() => checkTogether(request, { protocol: 'reference' })).toThrow(fit);
    expect(() => checkTogether(request, { fit: 'keep' })).not.toThrow(); // the caller's own mistake: the engine tells it
    expect(() => checkTogether(settings({ fit: 'keep' }), {})).not.toThrow();
    expect(() => checkTogether(settings({ protocol: 'reference' }), {})).not.toThrow();
  });

  it('name the setting: a backbone that nobody knows, and those that are known', () => {
    expect(() => checkBackbone('a', ['a', 'b'])).not.toThrow();
    expect(() => checkBackbone('c', ['a', 'b'])).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: expect.stringMatching(/^the setting musc\.backbone must /),
        where: 'it is "c"',
        hint: 'known are a, b',
      }),
    );
  });
});

it('tells network files from ids', () => {
  expect(['a.onnx', 'b.SAFETENSORS', './net', 'C:\\net'].map(isNetworkFile)).toEqual([true, true, true, true]);
  expect(['musc-embedded', 'dinov2-b-14'].map(isNetworkFile)).toEqual([false, false]);
});
