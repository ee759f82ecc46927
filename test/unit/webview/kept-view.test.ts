import { describe, expect, it } from 'vitest';
import { viewToGoOnWith, type KeptView } from '../../../webview/state/kept-view';

const kept = (panel: string, turn: number): KeptView => ({ panel, turn, view: { size: `${panel}${turn}` } });

describe('the view that an editor goes on with', () => {
  it('is the host’s where a reload gave the page back an older one of its own', () => {
    expect(viewToGoOnWith(kept('a', 2), kept('a', 5))).toEqual(kept('a', 5));
  });

  it('is its own where the host has no later one, or another editor’s', () => {
    expect(viewToGoOnWith(kept('a', 5), kept('a', 5))).toEqual(kept('a', 5));
    expect(viewToGoOnWith(kept('a', 5), kept('a', 4))).toEqual(kept('a', 5));
    expect(viewToGoOnWith(kept('a', 2), kept('b', 9))).toEqual(kept('a', 2));
    expect(viewToGoOnWith(kept('a', 2), null)).toEqual(kept('a', 2));
  });

  it('is the last one of the run in an editor opened anew, which counts its own from then on', () => {
    const { panel, turn, view } = viewToGoOnWith(undefined, kept('b', 9));
    expect([turn, view]).toEqual([0, { size: 'b9' }]);
    expect(panel).not.toBe('b');
    expect(viewToGoOnWith(undefined, null).panel).not.toBe(panel);
  });

  it.each([null, 'text', { size: 'L' }, { panel: 'a', turn: -1, view: {} }, { panel: 3, turn: 1, view: {} }])(
    'takes %j for nothing remembered',
    (damaged) => {
      expect(viewToGoOnWith(damaged, damaged)).toMatchObject({ turn: 0, view: undefined });
      expect(viewToGoOnWith(damaged, kept('b', 1)).view).toEqual({ size: 'b1' });
    },
  );
});
