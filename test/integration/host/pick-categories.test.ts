import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Uri } from 'vscode';
import type { EngineProcess } from '../../../extension/host/engine-process';
import { pickCategories } from '../../../extension/host/pick-categories';

interface Pick {
  items: readonly { label: string }[];
  selectedItems: readonly { label: string }[];
  buttons: readonly { tooltip: string }[];
  canSelectMany: boolean;
}
const { user } = vi.hoisted(() => ({
  user: {
    pick: null as Pick | null,
    does: (_: Pick): 'accepts' | 'benchmarks' | 'leaves' | 'waits' => 'leaves',
    /** Accepts the list that waits. */
    goOn: () => {},
  },
}));

vi.mock('vscode', () => {
  const uri = (fsPath: string) => ({ fsPath });
  return {
    Uri: { file: uri, joinPath: ({ fsPath }: Uri, name: string) => uri(`${fsPath}/${name}`) },
    ThemeIcon: class {},
    l10n: { t: (text: string) => text },
    window: {
      createQuickPick: () => {
        const on = { accepts: () => {}, benchmarks: () => {}, leaves: () => {} };
        let hidden = false;
        const pick = {
          selectedItems: [],
          onDidAccept: (f: () => void) => (on.accepts = f),
          onDidTriggerButton: (f: () => void) => (on.benchmarks = f),
          onDidHide: (f: () => void) => (on.leaves = f),
          show: () => {
            const does = user.does((user.pick = pick as unknown as Pick));
            if (does === 'waits') user.goOn = on.accepts;
            else on[does]();
          },
          dispose: () => (hidden ? undefined : ((hidden = true), on.leaves())),
        };
        return pick;
      },
    },
  };
});

const root = { fsPath: '/data/mvtec' } as Uri;
const engineOf = (...names: string[]) =>
  ({
    call: () =>
      Promise.resolve({ layout: 'mvtec', categories: names.map((name) => ({ name, images: 9 })), missing: [] }),
  }) as unknown as EngineProcess;
beforeEach(() => {
  user.pick = null;
  user.does = () => 'leaves';
});

describe('the root of a data set', () => {
  it('offers its categories, of which several may be ticked: each is a folder to score', async () => {
    user.does = (pick) => {
      pick.selectedItems = [pick.items[0], pick.items[2]];
      return 'accepts';
    };
    const choice = await pickCategories(engineOf('bottle', 'cable', 'nut'), root);
    expect(user.pick?.canSelectMany).toBe(true);
    expect(choice).toMatchObject([{ fsPath: '/data/mvtec/bottle' }, { fsPath: '/data/mvtec/nut' }]);
  });

  it('offers to benchmark them all', async () => {
    user.does = () => 'benchmarks';
    expect(await pickCategories(engineOf('bottle', 'cable'), root)).toBe('benchmark');
    expect(user.pick?.buttons.map(({ tooltip }) => tooltip)).toEqual(['Benchmark All...']);
  });

  it('is asked about after another that was selected with it', async () => {
    user.does = (pick) => {
      pick.selectedItems = [pick.items[0]];
      return 'waits';
    };
    const first = pickCategories(engineOf('bottle', 'cable'), root);
    const second = pickCategories(engineOf('candle', 'pcb'), { fsPath: '/data/visa' } as Uri);
    await new Promise(setImmediate);
    expect(user.pick?.items[0].label).toBe('bottle');
    user.goOn();
    expect(await first).toMatchObject([{ fsPath: '/data/mvtec/bottle' }]);
    await vi.waitFor(() => expect(user.pick?.items[0].label).toBe('candle'), 20_000);
    user.goOn();
    expect(await second).toMatchObject([{ fsPath: '/data/visa/candle' }]);
  });

  it('is left alone where the user leaves', async () => {
    expect(await pickCategories(engineOf('bottle', 'cable'), root)).toBe('left');
  });

  it('is asked about until something is ticked: Enter alone means nothing', async () => {
    user.does = () => 'waits';
    const choice = pickCategories(engineOf('bottle', 'cable'), root);
    await vi.waitFor(() => expect(user.pick).not.toBeNull(), 20_000);
    user.goOn();
    expect(await Promise.race([choice, new Promise((resolve) => setImmediate(resolve, 'open'))])).toBe('open');
    user.pick!.selectedItems = [user.pick!.items[1]];
    user.goOn();
    expect(await choice).toMatchObject([{ fsPath: '/data/mvtec/cable' }]);
  });
});

it('a folder of one category, or that cannot be told, is nothing to ask about', async () => {
  expect(await pickCategories(engineOf('bottle'), root)).toBeNull();
  const broken = { call: () => Promise.reject(new Error('several layouts')) } as unknown as EngineProcess;
  expect(await pickCategories(broken, root)).toBeNull();
  expect(user.pick).toBeNull();
});

it('a folder that takes long to read is not waited for', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const call = vi.fn(() => new Promise(() => undefined));
  const choice = pickCategories({ call } as unknown as EngineProcess, root);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await choice).toBeNull();
  expect(user.pick).toBeNull();
  expect(call.mock.calls).toEqual([['categories', { folder: root.fsPath, layout: undefined }]]); // without a signal: the engine lives on
});
