import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Panel } from '../../../webview/state/panel';
import { scoredSnapshotOf } from '../../integration/webview/harness/scenario';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A panel of ten images whose scores fall from 1.0 in steps of 0.1. */
function opened() {
  const panel = new Panel({
    post: () => undefined,
    getState: () => null,
    setState: () => undefined,
    isNarrow: () => false,
  });
  const scores = Array.from({ length: 10 }, (_, i) => ({ score: 1 - i / 10, rawScore: 1 - i / 10 }));
  panel.receive({ event: 'snapshot', snapshot: { ...scoredSnapshotOf(scores), mapRange: undefined } });
  const set = (value: number) => panel.setThreshold({ kind: 'manual', value });
  return { panel, set, shown: () => panel.derived.visible.length };
}

describe('a threshold that is dragged', () => {
  it('takes the grid along at its first step and at its end, and its figures at every step', () => {
    const { panel, set, shown } = opened();
    panel.setFilter({ show: 'flagged' });
    set(0.75);
    expect([shown(), panel.derived.flagged]).toEqual([3, 3]);
    set(0.45);
    set(0.25);
    expect([shown(), panel.derived.flagged, panel.derived.chipCounts.flagged]).toEqual([3, 8, 8]);
    vi.advanceTimersByTime(100);
    set(0.15);
    vi.advanceTimersByTime(100);
    expect(shown()).toBe(3);
    vi.advanceTimersByTime(100);
    expect(shown()).toBe(9);
    set(0.95);
    expect(shown()).toBe(1);
  });

  it('keeps the order still that follows it', () => {
    const { panel, set } = opened();
    panel.setView({ sort: { key: 'review', reversed: false } });
    const first = () => panel.derived.order[0];
    set(0.71);
    const before = first();
    set(0.21);
    expect(first()).toBe(before);
    vi.advanceTimersByTime(1000);
    expect(first()).not.toBe(before);
  });

  it('does not keep a filter waiting', () => {
    const { panel, set, shown } = opened();
    set(0.75);
    set(0.45);
    panel.setFilter({ show: 'flagged' });
    expect(shown()).toBe(6);
  });

  it('takes what it comes to hide out of the selection', () => {
    const { panel, set } = opened();
    panel.setFilter({ show: 'flagged' });
    set(0.45);
    panel.selectAll();
    set(0.75);
    expect(panel.state.selection.size).toBe(6);
    vi.advanceTimersByTime(1000);
    expect([...panel.state.selection].sort()).toEqual([0, 1, 2]);
  });
});
