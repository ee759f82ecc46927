import { describe, expect, it } from 'vitest';
import type { PanelSnapshot } from '../../../extension/protocol/panel';
import { nearest } from '../../../webview/model/selection';
import { scoredSnapshotOf } from '../../integration/webview/harness/scenario';
import { postingPanel } from './posting-panel';

/** Scores fall from image 0 on: the order shown is that of the images. */
function snapshotOf(images: number, patch: Partial<PanelSnapshot> = {}): PanelSnapshot {
  const scores = Array.from({ length: images }, (_, i) => ({ score: 1 - i / images, rawScore: 1 - i / images }));
  return { ...scoredSnapshotOf(scores), mapRange: undefined, ...patch };
}

/** A panel that shows a run. */
function opened(images = 10) {
  const { panel, posted } = postingPanel();
  const show = (snapshot: PanelSnapshot) => panel.receive({ event: 'snapshot', snapshot });
  show(snapshotOf(images));
  /** The editor takes all decisions that it was asked for. */
  const accept = async () => {
    for (const call of posted)
      if ('method' in call && call.method === 'editLabels') panel.receive({ id: call.id, ok: true, result: null });
    await Promise.resolve().then(() => undefined);
  };
  const selected = () => ({
    current: panel.state.current,
    selection: [...panel.state.selection].sort((a, b) => a - b),
  });
  const labelled = () =>
    posted.flatMap((call) => ('method' in call && call.method === 'editLabels' ? call.params.changes : []));
  return { panel, posted, show, accept, selected, labelled };
}

describe('selection', () => {
  it('Ctrl takes the current image out: the nearest selected one is shown, and is what keys label', () => {
    const { panel, selected, labelled } = opened();
    for (const image of [1, 8, 5, 4]) panel.select(image, image === 1 ? 'only' : 'toggle');
    panel.select(4, 'toggle');
    expect(selected()).toEqual({ current: 5, selection: [1, 5, 8] });
    panel.select(1, 'toggle');
    expect(selected()).toEqual({ current: 5, selection: [5, 8] });
    panel.select(5, 'toggle');
    panel.select(8, 'toggle');
    expect(selected()).toEqual({ current: 8, selection: [8] });
    panel.label('good');
    expect(labelled()).toEqual([{ image: 8, label: 'good' }]);
  });

  it('all of a filtered grid: a hidden image is not among them, nor the current one', () => {
    const { panel, selected } = opened();
    panel.setFilter({ range: [0.5, 0.8] });
    panel.select(9);
    panel.selectAll();
    expect(selected()).toEqual({ current: 5, selection: [2, 3, 4, 5] });
    panel.select(9);
    panel.select(3, 'toggle');
    expect(selected()).toEqual({ current: 3, selection: [3] });
  });

  it('a filter takes what it hides out of the selection', () => {
    const { panel, selected, labelled } = opened();
    panel.selectAll();
    panel.setFilter({ text: '002' });
    panel.label('defect');
    expect(labelled()).toEqual([{ image: 2, label: 'defect' }]);
    panel.setFilter({ text: '' });
    expect(selected()).toEqual({ current: 2, selection: [2] });
    panel.selectAll();
    panel.setFilter({ text: 'no such picture' });
    expect(selected()).toEqual({ current: 2, selection: [2] });
  });

  it('a filter that hides the current image makes the nearest shown one current', () => {
    const { panel, selected } = opened();
    panel.select(7);
    panel.setFilter({ range: [0.5, 0.9] });
    expect(selected()).toEqual({ current: 5, selection: [5] });
    expect(panel.state.view.current).toBe(panel.derived.table.path[5]);
  });

  it('a threshold that hides selected images takes them out', () => {
    const { panel, selected } = opened();
    panel.setThreshold({ kind: 'manual', value: 0.45 });
    panel.setFilter({ show: 'flagged' });
    panel.selectAll();
    panel.setThreshold({ kind: 'manual', value: 0.75 });
    expect(selected()).toEqual({ current: 0, selection: [0, 1, 2] });
  });

  it('going on from a hidden image starts at the nearest shown one', () => {
    const { panel, selected } = opened();
    panel.setFilter({ range: [0.15, 0.6] });
    panel.select(9);
    panel.step(1);
    expect(selected()).toEqual({ current: 8, selection: [8] });
  });
});

describe('labelling in a filter of labels', () => {
  it('goes on to the next image shown, and at the last one back', async () => {
    const { panel, accept, selected } = opened(3);
    panel.setFilter({ show: 'unlabelled' });
    panel.select(1);
    panel.label('good');
    expect(selected().current).toBe(2);
    panel.label('good');
    expect(selected()).toEqual({ current: 0, selection: [0] });
    panel.label('good');
    expect([...panel.derived.visible]).toEqual([]);
    expect(selected()).toEqual({ current: 0, selection: [0] });
    await accept();
    panel.receive({ event: 'labels', labels: [null, 'good', 'good'] });
    expect([...panel.derived.visible]).toEqual([0]);
  });

  it('leaves nothing hidden selected after many were labelled', async () => {
    const { panel, accept, selected } = opened(4);
    panel.setFilter({ show: 'unlabelled' });
    panel.select(1);
    panel.select(2, 'extend');
    panel.label('good');
    expect(selected()).toEqual({ current: 3, selection: [3] });
    await accept();
    panel.receive({ event: 'labels', labels: [null, null, null, null] });
    panel.selectAll();
    panel.receive({ event: 'labels', labels: [null, 'good', 'good', null] });
    expect(selected()).toEqual({ current: 3, selection: [0, 3] });
  });

  it('without auto-advance stays on the image that was decided on, alone', () => {
    const { panel, selected } = opened(4);
    panel.setView({ advance: false });
    panel.setFilter({ show: 'unlabelled' });
    panel.select(1);
    panel.select(2, 'toggle');
    panel.label('good');
    expect(selected()).toEqual({ current: 2, selection: [2] });
  });
});

describe('another snapshot', () => {
  it('of the same run keeps selection, pictures and the scale of maps', async () => {
    const { panel, posted, show, selected } = opened();
    show(snapshotOf(10, { mapRange: { median: 0.25, max: 1 } }));
    panel.select(3);
    panel.select(4, 'toggle');
    panel.thumbnails(128).want([0]);
    const call = posted.at(-1);
    panel.receive({ id: call && 'id' in call && call.id, ok: true, result: [{ image: 0, uri: 'u' }] });
    await new Promise((resolve) => setTimeout(resolve, 0));
    const { table } = panel.derived;
    show(snapshotOf(10, { missing: [[2, 'moved or deleted']] }));
    expect(selected()).toEqual({ current: 4, selection: [3, 4] });
    expect(panel.thumbnails(128).peek(0)).toEqual({ image: 0, uri: 'u' });
    expect(panel.derived.table).toBe(table);
    expect(panel.derived.snapshot.mapRange).toEqual({ median: 0.25, max: 1 });
    expect(panel.missingReason(2)).toBe('moved or deleted');
    const { run } = snapshotOf(10);
    show(snapshotOf(10, { run: { ...run, id: 'run-9' } }));
    expect(selected()).toEqual({ current: 4, selection: [4] });
    expect(panel.thumbnails(128).peek(0)).toBeUndefined();
  });
});

describe('nearest', () => {
  it('counts places in the order, the later of two', () => {
    const order = Int32Array.of(4, 2, 0, 1, 3);
    expect(nearest(order, 0, new Set([4, 3]))).toBe(3);
    expect(nearest(order, 0, new Set([4, 1, 3]))).toBe(1);
    expect(nearest(order, 0, new Set([0]))).toBeNull();
  });
});
