import { beforeEach, describe, expect, it } from 'vitest';
import type { PanelSnapshot } from '../../../extension/protocol/panel';
import type { Label } from '../../../extension/protocol/run-file';
import { DEFECT, GOOD, NONE } from '../../../webview/model/table';
import { readView, type ViewState } from '../../../webview/state/view';
import { scoredSnapshotOf } from '../../integration/webview/harness/scenario';
import { postingPanel } from './posting-panel';

interface Row {
  readonly score: number;
  readonly truth?: 'good' | 'defect';
  readonly label?: Label;
}

function snapshotOf(rows: readonly Row[], view: Partial<ViewState>): PanelSnapshot {
  const snapshot = scoredSnapshotOf(rows.map(({ score }) => ({ score, rawScore: score })));
  const images = snapshot.run.images.map((image, i) => ({ ...image, truth: rows[i].truth ?? null }));
  return {
    ...snapshot,
    run: { ...snapshot.run, images },
    labels: rows.map(({ label }) => label ?? null),
    view: { panel: 'another', turn: 1, view: readView({ threshold: { kind: 'manual', value: 0.5 }, ...view }) },
  };
}

/** A panel that shows a run, and the host, which answers when the test says so. */
function opened(rows: readonly Row[], view: Partial<ViewState> = {}) {
  const { panel, posted } = postingPanel();
  panel.receive({ event: 'snapshot', snapshot: snapshotOf(rows, view) });
  const edits = () => posted.flatMap((call) => ('method' in call && call.method === 'editLabels' ? [call] : []));
  const settle = async (message: object) => {
    panel.receive(message);
    await Promise.resolve().then(() => undefined);
  };
  return {
    panel,
    edits,
    accept: (edit: number) => settle({ id: edits()[edit].id, ok: true, result: null }),
    refuse: (edit: number, error: string) => settle({ id: edits()[edit].id, ok: false, error }),
    tell: (...labels: (Label | null)[]) => panel.receive({ event: 'labels', labels }),
    step: (...labels: (Label | null)[]) => panel.receive({ event: 'labels', labels, stepped: true }),
    labels: () => [...panel.state.labels],
    current: () => panel.state.current,
  };
}

describe('going through labels to check', () => {
  const rows: readonly Row[] = [
    { score: 0.95, truth: 'defect' },
    { score: 0.9, truth: 'defect', label: 'good' }, // to check
    { score: 0.85, truth: 'defect', label: 'good' }, // to check
    { score: 0.6, truth: 'defect' },
    { score: 0.4, truth: 'good' },
    { score: 0.2, truth: 'good', label: 'defect' }, // to check
    { score: 0.65, truth: 'good' }, // to check, though without a label
    { score: 0.62, truth: 'good' }, // to check, though without a label
  ];
  const review = { pane: 'review' } as const;

  it('goes on to the next of them, whether a label is changed or confirmed, and then to the next to review', () => {
    const { panel, current } = opened(rows, review);
    expect([...panel.derived.toCheck]).toEqual([1, 2, 5, 6, 7]);
    panel.check(1);
    panel.label('defect');
    expect(current()).toBe(2);
    panel.label('good');
    expect(current()).toBe(5);
    panel.label('good');
    expect(current()).toBe(6);
    panel.label('good'); // against its score: it stays to check
    expect(current()).toBe(7);
    panel.label('defect');
    expect([...panel.derived.toCheck]).toEqual([7, 2, 6]);
    expect(current()).toBe(3);
  });

  it('goes on there from an image with a label, however it was come to, and from another to the next to review', () => {
    const { panel, current } = opened(rows, review);
    panel.select(2);
    panel.label('defect');
    expect(current()).toBe(5);
    panel.select(6);
    panel.label('good');
    expect(current()).toBe(7);
    expect(panel.derived.toCheck.indexOf(7)).toBeGreaterThan(-1);
    panel.label('good');
    expect(current()).toBe(3);
  });

  it('is over with the next to review, and with every other image', () => {
    const { panel, current } = opened(rows, review);
    panel.check(6);
    panel.reviewNext();
    expect(current()).toBe(7);
    panel.reviewNext();
    panel.select(6);
    panel.label('good');
    expect(current()).toBe(7);
    panel.label('good');
    expect(current()).toBe(3);
  });

  it('passes by images whose picture can not be shown', () => {
    const { panel, current } = opened(rows, review);
    const { snapshot } = panel.derived;
    panel.receive({ event: 'snapshot', snapshot: { ...snapshot, missing: [[2, 'moved or deleted']] } });
    panel.check(1);
    panel.label('defect');
    expect(current()).toBe(5);
  });

  it('passes by images that the new threshold takes out of them', () => {
    const { panel, current } = opened(
      [
        { score: 0.9, label: 'good' },
        { score: 0.8, label: 'good' },
        { score: 0.7, label: 'defect' },
        { score: 0.2, label: 'good' },
        { score: 0.1, label: 'defect' },
      ],
      { ...review, threshold: { kind: 'zeroMissed' } },
    );
    expect([...panel.derived.toCheck]).toEqual([0, 1, 3]);
    panel.select(4);
    panel.label('good');
    expect([...panel.derived.toCheck]).toEqual([0, 1]);
    panel.check(0);
    panel.label('defect');
    expect(current()).toBe(1);
  });
});

describe('labels of a host that is slower than the reviewer', () => {
  const rows: readonly Row[] = [0.9, 0.7, 0.3, 0.1].map((score) => ({ score }));
  let scene: ReturnType<typeof opened>;
  beforeEach(() => {
    scene = opened(rows);
    scene.panel.select(0);
    scene.panel.label('good');
    scene.panel.label('defect');
  });

  it('stay as they were decided when it tells of an earlier decision', async () => {
    const { tell, accept, labels } = scene;
    tell('good', null, null, null);
    expect(labels()).toEqual([GOOD, DEFECT, NONE, NONE]);
    await accept(0);
    tell('good', 'defect', null, null);
    await accept(1);
    expect(labels()).toEqual([GOOD, DEFECT, NONE, NONE]);
    tell('good', null, null, null); // now it is another's decision
    expect(labels()).toEqual([GOOD, NONE, NONE, NONE]);
  });

  it('are the later of two decisions on one image', () => {
    const { panel, tell, labels } = scene;
    panel.select(0);
    panel.label('unsure');
    tell('good', null, null, null);
    expect(labels().slice(0, 2)).toEqual([2, DEFECT]);
  });

  it('lose only the decision that it refuses', async () => {
    const { panel, refuse, accept, labels } = scene;
    await refuse(0, 'the disk is full');
    expect(labels()).toEqual([NONE, DEFECT, NONE, NONE]);
    expect(panel.state.notice).toEqual({ text: 'the disk is full', error: true });
    await accept(1);
    panel.label('good');
    await refuse(2, 'the disk is full');
    expect(labels()).toEqual([NONE, DEFECT, NONE, NONE]);
  });

  it('stay when it tells of the run again, and go with the run', async () => {
    const { panel, accept, labels } = scene;
    const { snapshot } = panel.derived;
    panel.receive({ event: 'snapshot', snapshot: { ...snapshot, missing: [[3, 'moved or deleted']] } });
    expect(labels()).toEqual([GOOD, DEFECT, NONE, NONE]);
    panel.receive({ event: 'snapshot', snapshot: { ...snapshot, run: { ...snapshot.run, id: 'another' } } });
    expect(labels()).toEqual([NONE, NONE, NONE, NONE]);
    await accept(0);
    scene.tell(null, null, 'good', null);
    expect(labels()).toEqual([NONE, NONE, GOOD, NONE]);
  });

  it('follow undo, which changes nothing that is decided meanwhile', () => {
    const { panel, step, labels } = scene;
    step(null, null, 'good', null);
    expect(labels()).toEqual([GOOD, DEFECT, GOOD, NONE]);
    expect(panel.state.current).toBe(2);
  });
});

describe('stepping on from an image that its label has moved', () => {
  const rows: readonly Row[] = [0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1].map((score) => ({ score }));
  const still = (key: 'review' | 'disagreement', more: Partial<ViewState> = {}) =>
    opened(rows, { sort: { key, reversed: false }, advance: false, ...more });

  it.each(['review', 'disagreement'] as const)('goes on where it was, sorted by %s', (key) => {
    for (const offset of [1, -1, 2, -3]) {
      const { panel, current, tell } = still(key);
      const order = [...panel.derived.visible];
      panel.select(order[4]);
      panel.label('good');
      expect(panel.derived.visible[4], key).not.toBe(order[4]);
      tell(...rows.map((_, i): Label | null => (i === order[4] ? 'good' : null))); // the host says so, too
      panel.step(offset);
      expect(current(), `${key} ${offset}`).toBe(order[4 + offset]);
      panel.step(1);
      expect(current()).not.toBe(order[4 + offset]);
    }
  });

  it('goes on where it was when it is decided otherwise, and where a filter hides it', () => {
    const { panel, current } = still('review', {
      filter: { show: 'unlabelled', types: [], text: '', range: null },
    });
    const order = [...panel.derived.visible];
    panel.select(order[3]);
    panel.label('good');
    panel.label('defect');
    panel.step(-1);
    expect(current()).toBe(order[2]);
    panel.label('good');
    panel.step(1);
    expect(current()).toBe(order[4]);
  });

  it('goes on where several were', () => {
    const { panel, current } = still('review');
    const order = [...panel.derived.visible];
    panel.select(order[2]);
    panel.select(order[4], 'extend');
    panel.label('good');
    panel.step(1);
    expect(current()).toBe(order[5]);
  });

  it('stays where nothing was that way', () => {
    for (const [place, offset] of [
      [0, -1],
      [rows.length - 1, 1],
    ]) {
      const { panel, current } = still('disagreement');
      const order = [...panel.derived.visible];
      panel.select(order[place]);
      panel.label('good');
      panel.step(offset);
      expect(current()).toBe(order[place]);
    }
  });

  it('goes on in the new order where that was asked for, or another image was looked at', () => {
    const { panel, current } = still('review');
    const order = [...panel.derived.visible];
    panel.select(order[4]);
    panel.label('good');
    panel.setView({ sort: { key: 'score', reversed: false } });
    panel.step(1);
    expect(current()).toBe(order[4] + 1);
    panel.setView({ sort: { key: 'review', reversed: false } });
    panel.select(order[1]);
    panel.label('good');
    panel.select(order[2]);
    panel.select(order[1]);
    const shown = [...panel.derived.visible];
    panel.step(-1);
    expect(current()).toBe(shown[shown.indexOf(order[1]) - 1]);
  });

  it('goes on in the order after the label was undone', async () => {
    const { panel, current, step, accept } = still('review');
    const order = [...panel.derived.visible];
    panel.select(order[4]);
    panel.label('good');
    await accept(0);
    step(...rows.map(() => null));
    panel.step(1);
    expect(current()).toBe(order[5]);
  });
});
