import { describe, expect, it } from 'vitest';
import { lastPart } from '../../../webview/model/format';
import { stepsOf } from '../../../webview/model/stage';

describe('stages of a job', () => {
  it('are done, under way or ahead', () => {
    const steps = stepsOf({ state: 'running', stage: 'features', done: 3, total: 12 });
    expect(steps.map((s) => `${s.state} ${s.share}`)).toEqual([
      'done 1',
      'done 1',
      'now 0.25',
      'ahead 0',
      'ahead 0',
      'ahead 0',
    ]);
  });

  it('are all ahead before the engine speaks, and all done at the end', () => {
    const of = (state: 'queued' | 'done') => stepsOf({ state, stage: null, done: 0, total: 0 }).map((s) => s.state);
    expect(new Set(of('queued'))).toEqual(new Set(['ahead']));
    expect(new Set(of('done'))).toEqual(new Set(['done']));
  });
});

describe('the name of a folder', () => {
  it.each([
    ['/data/nuts', 'nuts'],
    ['C:\\data\\nuts\\', 'nuts'],
    ['/', '/'],
  ])('%s', (path, name) => expect(lastPart(path)).toBe(name));
});
