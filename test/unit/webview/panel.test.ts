import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PanelSnapshot } from '../../../extension/protocol/panel';
import type { Label } from '../../../extension/protocol/run-file';
import { DEFECT } from '../../../webview/model/table';
import type { Panel } from '../../../webview/state/panel';
import { readView, type ViewState } from '../../../webview/state/view';
import { scoredSnapshotOf } from '../../integration/webview/harness/scenario';
import { postingPanel } from './posting-panel';

/** Scores fall from image 0 on: the order shown is that of the images. */
const SCORES = [0.9, 0.7, 0.5, 0.3].map((score) => ({ score, rawScore: score }));
/** With what the host keeps of another editor's view. */
const snapshotWith = (view: unknown): PanelSnapshot => ({
  ...scoredSnapshotOf(SCORES),
  view: { panel: 'another', turn: 1, view },
});
const settled = () => vi.advanceTimersByTimeAsync(1000);

/** A panel of a run that is not open yet, and the host it talks to. */
function panelOf(view: unknown = null, { narrow = false } = {}) {
  const { panel, posted } = postingPanel({ narrow });
  const asked = (method: string) =>
    posted.flatMap((call) => ('method' in call && call.method === method ? [call] : []));
  const id = (method: string) => asked(method).at(-1)?.id;
  return {
    panel,
    asked,
    answer: (method: string, result: unknown) => panel.receive({ id: id(method), ok: true, result }),
    refuse: (method: string, error: string) => panel.receive({ id: id(method), ok: false, error }),
    open: () => panel.receive({ event: 'snapshot', snapshot: snapshotWith(view) }),
    compare: (run: string) => panel.receive({ event: 'compare', run }),
    stored: () => asked('saveView').map((call) => (call.params as { view: { view: ViewState } }).view.view),
  };
}
const other = (id: string) => ({ ...scoredSnapshotOf(SCORES).run, id });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('comparing', () => {
  const view = readView({ filter: { text: '00' }, sort: { key: 'name' }, threshold: { kind: 'manual', value: 0.4 } });

  it('asked for before the run is open waits for it, and the stored view stays', async () => {
    const { panel, open, compare, answer, stored } = panelOf(view);
    compare('run-2');
    await settled();
    expect(stored()).toEqual([]);
    open();
    answer('otherRun', other('run-2'));
    await settled();
    expect(panel.state.other?.run.id).toBe('run-2');
    const { filter, sort, threshold } = view;
    const shown = { filter, sort, threshold, pane: 'compare', front: 'pane', compared: 'run-2' };
    expect(panel.state.view).toMatchObject(shown);
    expect(stored().at(-1)).toMatchObject(shown);
  });

  it('comes back with the view, and ends with it', async () => {
    const { panel, open, answer, stored } = panelOf(readView({ pane: 'compare', compared: 'run-2' }));
    open();
    answer('otherRun', other('run-2'));
    await settled();
    expect(panel.state.other?.run.id).toBe('run-2');
    await panel.comparing.choose(null);
    await settled();
    expect([panel.state.other, stored().at(-1)?.compared]).toEqual([null, null]);
  });

  it('of a run that is gone says nothing where nobody asked, and is forgotten', async () => {
    const { panel, open, refuse } = panelOf(readView({ compared: 'run-2' }));
    open();
    refuse('otherRun', 'this run is not there any more');
    await settled();
    expect(panel.state.view.compared).toBeNull();
    expect(panel.state.notice.text).toBe('');
    void panel.comparing.choose('run-3');
    refuse('otherRun', 'this run is not there any more');
    await settled();
    expect(panel.state.notice).toEqual({ text: 'this run is not there any more', error: true });
  });

  it('shows the run that was chosen last, whichever comes first', async () => {
    const { panel, open, asked } = panelOf();
    open();
    void panel.comparing.choose('run-2');
    void panel.comparing.choose('run-3');
    const [first, last] = asked('otherRun');
    panel.receive({ id: last.id, ok: true, result: other('run-3') });
    panel.receive({ id: first.id, ok: true, result: other('run-2') });
    await settled();
    expect(panel.state.other?.run.id).toBe('run-3');
  });
});

describe('undo and redo', () => {
  const labels = (...values: (Label | null)[]) => ({ event: 'labels', labels: values });
  const step = (...values: (Label | null)[]) => ({ ...labels(...values), stepped: true });
  const notice = ({ state }: Panel) => state.notice.text;
  let panel: Panel;
  let paths: readonly string[];
  let answer: ReturnType<typeof panelOf>['answer'];
  beforeEach(() => {
    const made = panelOf();
    made.open();
    ({ panel, answer } = made);
    paths = panel.derived.table.path;
  });

  it('say what they did to one image, and show it', async () => {
    panel.select(1);
    panel.label('defect');
    panel.receive(labels(null, 'defect', null, null));
    answer('editLabels', null);
    await settled();
    expect(panel.state.current).toBe(2);
    expect(notice(panel)).toBe(`${paths[1]}: defect`);
    panel.receive(step(null, null, null, null));
    expect(notice(panel)).toBe(`${paths[1]}: label cleared`);
    expect([panel.state.current, [...panel.state.selection]]).toEqual([1, [1]]);
    panel.select(3);
    panel.receive(step(null, 'defect', null, null));
    expect(notice(panel)).toBe(`${paths[1]}: defect`);
    expect(panel.state.current).toBe(1);
  });

  it('say how many labels they changed, and leave the current image', () => {
    panel.select(3);
    panel.receive(step('good', 'good', null, null));
    expect(notice(panel)).toBe('2 labels changed');
    expect(panel.state.current).toBe(3);
  });

  it('do not show an image that the filter hides', () => {
    panel.setFilter({ show: 'unlabelled' });
    panel.select(3);
    panel.receive(step('good', null, null, null));
    expect(notice(panel)).toBe(`${paths[0]}: good`);
    expect(panel.state.current).toBe(3);
  });

  it('show an image that the filter hides where a review is gone through, as it shows any', () => {
    panel.setFilter({ show: 'unlabelled' });
    panel.setView({ pane: 'review' });
    panel.select(3);
    panel.receive(step('good', null, null, null));
    expect(panel.state.current).toBe(0);
  });

  it('are told from what happens elsewhere, which neither speaks nor moves the current image', () => {
    panel.select(3);
    panel.say('');
    panel.receive(labels('good', null, null, null));
    expect([notice(panel), panel.state.current]).toEqual(['', 3]);
    expect(panel.state.labels[0]).toBe(0);
  });
});

describe('a filter', () => {
  it('brings the grid to the front of a narrow window, wherever it is asked for', () => {
    const { panel, open } = panelOf();
    open();
    const asked = [
      () => panel.toggleShow('flagged'),
      () => panel.setFilter({ show: 'toCheck' }),
      () => panel.clearFilter(),
    ];
    for (const ask of asked) {
      panel.setView({ front: 'summary' });
      ask();
      expect(panel.state.view.front).toBe('grid');
    }
  });
});

describe('pictures that come back', () => {
  it('are missing no more, whichever is looked at first, and the host looks for the others', async () => {
    const { panel, asked, answer } = panelOf();
    const missing = (...images: number[]) => images.map((image): [number, string] => [image, 'moved or deleted']);
    panel.receive({ event: 'snapshot', snapshot: { ...snapshotWith(null), missing: missing(0, 1, 2) } });
    const thumbnails = panel.thumbnails(128);
    thumbnails.want([0, 1, 3]);
    answer('thumbnails', [{ uri: null, reason: 'moved or deleted' }, { uri: 'one' }, { uri: 'three' }]);
    await vi.advanceTimersByTimeAsync(1);
    expect([...panel.state.missing]).toEqual([0, 2]);
    expect([0, 1, 2].map((image) => panel.missingReason(image) ?? null)).toEqual([
      'moved or deleted',
      null,
      'moved or deleted',
    ]);
    expect(asked('checkPictures')).toHaveLength(0);
    panel.label('defect');
    await settled();
    expect(asked('checkPictures')).toHaveLength(1);
    answer('checkPictures', { missing: missing(0), changed: [1] });
    await vi.advanceTimersByTimeAsync(1);
    expect([...panel.state.missing]).toEqual([0]);
    expect([[...panel.state.changed], panel.derived.chipCounts.changed]).toEqual([[1], 1]); // another one than was scored
    expect(panel.missingReason(2)).toBeUndefined();
    expect([...panel.state.labels].filter((label) => label === DEFECT)).toHaveLength(1); // what was decided meanwhile stays
    await settled();
    expect(asked('checkPictures')).toHaveLength(1);
  });
});

describe('the image that keys label', () => {
  const opened = (view: Partial<ViewState>, narrow = false) => {
    const made = panelOf(readView(view), { narrow });
    made.open();
    const labelled = () => made.asked('editLabels').map((call) => (call.params as { changes: unknown }).changes);
    return { ...made, labelled };
  };
  const manual = (value: number) => ({ kind: 'manual', value }) as const;
  const flagged: Partial<ViewState> = {
    filter: { show: 'flagged', types: [], text: '', range: null },
    threshold: manual(0.4),
  };

  it.each([
    ['metrics', false],
    ['compare', false],
    ['image', true],
  ] as const)('is one that the grid shows where no pane shows it: %s, narrow: %j', async (pane, narrow) => {
    const { panel, stored } = opened({ ...flagged, pane }, narrow);
    panel.select(2);
    panel.setThreshold(manual(0.6));
    expect([panel.state.current, [...panel.state.selection]]).toEqual([1, [1]]);
    panel.receive({ event: 'labels', labels: ['good', null, null, null], stepped: true });
    panel.setFilter({ show: 'unlabelled' });
    panel.receive({ event: 'labels', labels: [null, 'good', null, null], stepped: true });
    expect(panel.state.current).toBe(2);
    await settled();
    expect(stored().at(-1)?.current).toBe(panel.derived.table.path[2]);
  });

  it('stays the one whose picture is shown, whatever the grid shows', () => {
    for (const view of [{ pane: 'image' }, { pane: 'review' }, { pane: 'compare', compared: 'run-2' }] as const) {
      const { panel } = opened({ ...flagged, ...view }); // of Compare also while the other run is on its way
      panel.select(2);
      panel.setThreshold(manual(0.6));
      expect(panel.state.current, view.pane).toBe(2);
      panel.setView({ pane: 'metrics' });
      expect(panel.state.current, view.pane).toBe(1);
    }
  });

  it('is not labelled where a narrow window shows something else', () => {
    for (const view of [
      { pane: 'metrics', front: 'pane' },
      { pane: 'image', front: 'summary' },
    ] as const) {
      const { panel, labelled } = opened(view, true);
      panel.select(1);
      panel.label('good');
      expect(labelled()).toEqual([]);
      expect(panel.state.notice?.text).toBe('No image is in sight: nothing was labelled.');
      panel.setView({ front: 'grid' });
      panel.label('good');
      expect(labelled()).toHaveLength(1);
    }
  });

  it('is not labelled in a narrow window before Compare shows it', async () => {
    const { panel, labelled, answer } = opened({ pane: 'compare', front: 'pane', compared: 'run-2' }, true);
    panel.label('good');
    expect(labelled()).toEqual([]);
    answer('otherRun', other('run-2'));
    await settled();
    panel.label('good');
    expect(labelled()).toHaveLength(1);
  });

  describe('in a grid that is scrolled', () => {
    /** A grid that has these images in sight. */
    const gridOf = (...inSight: number[]) => ({
      shows: (images: ReadonlySet<number>) => inSight.some((image) => images.has(image)),
      bring: vi.fn((image: number) => inSight.push(image)),
    });
    const unseen = 'The image was out of sight: it is shown now, and nothing was labelled.';

    it.each([
      [{ pane: 'metrics' }, false],
      [{ pane: 'compare', compared: 'run-2' }, false],
      [{ pane: 'image', front: 'grid' }, true],
    ] as const)('is brought into sight before it is labelled: %j, narrow: %j', (view, narrow) => {
      const { panel, labelled } = opened(view, narrow);
      const grid = gridOf(2, 3);
      panel.grid = grid;
      panel.select(0);
      panel.label('good');
      expect(labelled()).toEqual([]);
      expect(panel.state.notice).toEqual({ text: unseen, error: true });
      expect(grid.bring.mock.calls).toEqual([[0]]);
      panel.label('good');
      expect(labelled()).toEqual([[{ image: 0, label: 'good' }]]);
    });

    it('is labelled where its picture is shown, and with others of which one is in sight', () => {
      const { panel, labelled } = opened({ pane: 'image' });
      panel.grid = gridOf(3);
      panel.select(0);
      panel.label('good');
      panel.setView({ pane: 'metrics' });
      panel.selectAll();
      panel.label('defect');
      expect(labelled()).toHaveLength(2);
    });

    it('can be decided otherwise where its label has hidden it, but is not labelled where all else hides it', () => {
      const { panel, labelled } = opened({
        pane: 'metrics',
        advance: false,
        filter: { show: 'unlabelled', types: [], text: '', range: null },
      });
      panel.grid = gridOf(1);
      panel.select(1);
      panel.label('good');
      panel.label('defect');
      expect(labelled()).toHaveLength(2);
      panel.setView({ pane: 'compare', compared: 'run-2' });
      panel.select(1); // by a row of Compare, while another run is on its way
      panel.select(0);
      panel.receive({ event: 'labels', labels: ['good', 'good', null, null] });
      panel.label('defect');
      expect(labelled()).toHaveLength(2);
      expect(panel.state.notice.text).toBe('No image is in sight: nothing was labelled.');
    });
  });

  it('stays the one that was decided on, to decide otherwise, without auto-advance', () => {
    const { panel, labelled } = opened({
      ...flagged,
      filter: { show: 'unlabelled', types: [], text: '', range: null },
      pane: 'metrics',
      advance: false,
    });
    panel.select(1);
    panel.label('good');
    expect(panel.state.current).toBe(1);
    panel.receive({ event: 'labels', labels: [null, 'good', null, null], stepped: false });
    expect(panel.state.current).toBe(1);
    panel.label('defect');
    expect(labelled()).toHaveLength(2);
  });

  it('is none where neither grid nor pane shows any', () => {
    const { panel, labelled } = opened({ ...flagged, pane: 'metrics' });
    panel.setThreshold(manual(2));
    panel.label('good');
    expect(labelled()).toEqual([]);
    expect(panel.state.notice).toEqual({ text: 'No image passes the filter.', error: true });
    panel.setView({ pane: 'image' });
    panel.label('good');
    expect(labelled()).toEqual([[{ image: 0, label: 'good' }]]);
  });

  it('is brought to the front of a narrow window with the next to review, which a filter hides', () => {
    const { panel } = opened({ ...flagged, threshold: manual(0.6), front: 'grid' }, true);
    panel.receive({ event: 'labels', labels: ['good', 'good', null, null] });
    panel.reviewNext();
    expect([panel.state.current, panel.state.view.front, panel.state.view.pane]).toEqual([2, 'pane', 'image']);
    panel.setView({ front: 'grid' });
    expect(panel.state.current).toBe(1);
  });

  it('goes on in the grid where that hides a review', () => {
    const { panel } = opened({ pane: 'review', threshold: manual(0.4), front: 'grid' }, true);
    panel.select(0);
    panel.label('good');
    expect(panel.state.current).toBe(1);
  });
});
