import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelsFolder } from '../../../extension/core/backbone/models-folder';
import { parseFlags, SCORE_FLAGS, scoreRequestOf } from '../../../extension/engine/cli/options';
import { summaryText } from '../../../extension/engine/cli/summary';
import { duration } from '../../../extension/engine/cli/terminal';
import type { ScoreSummary } from '../../../extension/protocol/engine';

const request = (...argv: string[]) => scoreRequestOf('f', parseFlags(argv, SCORE_FLAGS).values);

describe('flags', () => {
  it('become a request', () => {
    expect(
      request(
        '--taps',
        '5, 11',
        '--degrees',
        '1,3',
        '--keep',
        '0,0.5',
        '--rscin',
        'off',
        '--subsets',
        'auto',
        '--memory',
        '2',
      ),
    ).toMatchObject({
      folder: 'f',
      taps: ['5', '11'],
      degrees: [1, 3],
      keep: [0, 0.5],
      rscin: 'off',
      subsets: 'auto',
      memoryBytes: 2e9, // gigabytes, as in the setting
      models: modelsFolder(), // where `musc models pull` puts them
    });
    expect(request('--models', 'here').models).toBe(path.resolve('here'));
  });

  it.each([
    [['--degrees', '1,x']],
    [['--keep', '1']],
    [['--device', 'tpu']],
    [['--protocol', 'Exact']],
    [['--seed', '']],
    [['--nope']],
  ])('%j is wrong usage', (argv) => {
    expect(() => request(...argv)).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
  });
});

it.each([
  [3.21, '3.2 s'],
  [59.4, '59 s'],
  [61, '1 min 1 s'],
  [7260, '2 h 1 min'],
])('%f seconds are "%s"', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

it('the summary says why a metric is undefined and what was skipped', () => {
  const summary: ScoreSummary = {
    run: '/runs/1/run.musc.json',
    images: 2,
    skipped: [{ path: 'c.png', reason: 'empty file' }],
    device: { name: 'cpu', label: 'CPU, 2 threads', requested: 'webgpu', fallback: 'WebGPU did not start' },
    backbone: { id: 'net', sha256: '' },
    metrics: { image: { auroc: 1, f1max: 1, ap: 1 }, pixel: { auroc: null, f1max: null, ap: null, aupro: null } },
    absent: { 'pixel.aupro': 'there are no masks' },
    seconds: { features: 1, scoring: 1, metrics: 0, total: 2 },
    ranking: [
      { path: 'a.png', score: 0.5, rawScore: 0.5, label: 'defect' },
      { path: 'b.png', score: 0.25, rawScore: 0.25, label: null },
    ],
    notes: ['Recognised as a folder.'],
  };
  const text = summaryText(summary);
  for (const part of [
    'Recognised as a folder.',
    '   1  0.5000  a.png  defect',
    'AUROC 100.0',
    'AUPRO —',
    'pixel.aupro is undefined: there are no masks',
    'c.png: empty file',
    'WebGPU did not start',
    'Run /runs/1/run.musc.json',
  ])
    expect(text).toContain(part);
});
