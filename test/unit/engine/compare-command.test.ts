import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ErrorCode, MuscError } from '../../../extension/core/errors';
import { compareCommand } from '../../../extension/engine/cli/compare-command';
import type { Trial } from '../../../extension/engine/cli/compare-table';
import type { ScoreRequest } from '../../../extension/protocol/engine';

/** What goes wrong with a backbone. */
const failures = new Map<string, ErrorCode>();
vi.mock('../../../extension/engine/dispatch', () => ({
  dispatch: (_method: string, { backbone = '' }: ScoreRequest) => {
    const code = failures.get(backbone);
    if (code) return Promise.reject(new MuscError(code, `of ${backbone}`));
    return Promise.resolve({ metrics: null, seconds: { total: 1 } });
  },
}));

let printed: string;
beforeEach(() => {
  failures.clear();
  printed = '';
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const compare = (...argv: string[]) => compareCommand(argv, { signal: new AbortController().signal });
const trials = () => (JSON.parse(printed) as Trial[]).map(({ backbone, problem }) => [backbone, problem]);

it.each<ErrorCode>(['SETTING_INVALID', 'DATASET_UNCLEAR', 'BACKBONE_UNKNOWN'])(
  'where every combination fails by %s, that is the error, and the exit code is its own',
  async (code) => {
    for (const backbone of ['a', 'b']) failures.set(backbone, code);
    await expect(compare('folder', '--backbone', 'a,b', '--json')).rejects.toMatchObject({ code, message: 'of a' });
    expect(trials()).toEqual([
      ['a', `${code}: of a`],
      ['b', `${code}: of b`],
    ]);
  },
);

it('where they fail by different things, none is to blame for all', async () => {
  failures.set('a', 'TAP_UNKNOWN').set('b', 'DEVICE_FAILED');
  await expect(compare('folder', '--backbone', 'a,b')).rejects.toMatchObject({
    code: 'BACKBONE_INVALID',
    message: 'none of them could be scored',
    hint: 'TAP_UNKNOWN: of a',
  });
});

it('prints what was made before one that ends all', async () => {
  failures.set('b', 'TAP_UNKNOWN').set('c', 'CANCELLED');
  const stopped = compare('folder', '--backbone', 'a,b,c,d', '--json');
  await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(trials()).toEqual([
    ['a', ''],
    ['b', 'TAP_UNKNOWN: of b'],
  ]);
});

it('speaks of no estimate where none was asked for and every combination failed', async () => {
  failures.set('a', 'TAP_UNKNOWN');
  await expect(compare('folder', '--backbone', 'a')).rejects.toMatchObject({ code: 'TAP_UNKNOWN' });
  expect(printed).toContain('TAP_UNKNOWN: of a');
  expect(printed).not.toContain('--estimate');
});

it('prints nothing where nothing was made', async () => {
  failures.set('a', 'FOLDER_NOT_FOUND');
  await expect(compare('folder', '--backbone', 'a', '--json')).rejects.toMatchObject({ code: 'FOLDER_NOT_FOUND' });
  expect(printed).toBe('');
});
