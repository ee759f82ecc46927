import type { Uri as RealUri } from 'vscode';
import { describe, expect, it, vi } from 'vitest';
import type { MuscScoreOptions } from '../../../extension/api';
import { createApi } from '../../../extension/host/api';
import type { Host } from '../../../extension/host/host';
import { Uri } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
vi.mock('../../../extension/host/load-rooms', () => ({}));

/** What the API lets score for these options, and which run the catalogue hears of. */
async function scored(options?: MuscScoreOptions) {
  const asked: unknown[] = [];
  const added: string[] = [];
  const host = {
    scoring: {
      score: (folder: RealUri, overrides: unknown) => {
        asked.push(folder.fsPath, overrides);
        return Promise.resolve({ run: '/runs/1/run.musc.json' });
      },
    },
    catalogue: { added: ({ fsPath }: RealUri) => added.push(fsPath) },
  } as unknown as Host;
  await createApi(host).score(Uri.file('/data/nuts') as unknown as RealUri, options);
  return { asked, added };
}

describe('the API', () => {
  it('scores a folder and shows its run', async () => {
    expect(await scored()).toEqual({ asked: ['/data/nuts', {}], added: ['/runs/1/run.musc.json'] });
  });

  it('lets relative paths start at the folder that is scored', async () => {
    const { asked } = await scored({ out: 'runs', masks: '../masks', seed: 3 });
    expect(asked[1]).toEqual({ out: '/data/nuts/runs', masks: '/data/masks', seed: 3 });
    const absolute = await scored({ out: '/runs', masks: '/masks' });
    expect(absolute.asked[1]).toEqual({ out: '/runs', masks: '/masks' });
  });

  it('leaves to the engine what is no path', async () => {
    const { asked } = await scored({ out: 5 as unknown as string, masks: undefined });
    expect(asked[1]).toEqual({ out: 5, masks: undefined });
  });
});
