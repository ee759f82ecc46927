import type { ReactiveControllerHost } from 'lit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PanelCall } from '../../../extension/protocol/panel';
import { LatestPicture } from '../../../webview/controllers/latest-picture';
import { nextToReview } from '../../../webview/model/review';
import { Panel } from '../../../webview/state/panel';
import { scoredSnapshotOf } from '../../integration/webview/harness/scenario';

/** A browser's image that is decoded at once. */
class DecodedImage {
  decoding = '';
  src = '';
  decode = () => Promise.resolve();
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Image', DecodedImage);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** The picture of a panel's current image, whose host answers at once. */
function latest({ thumbnails = true, drive = { isHere: true } } = {}) {
  const asked: Record<string, number[]> = { picture: [], mask: [], maps: [], thumbnails: [] };
  const answer = (call: Extract<PanelCall, { method: string }>): unknown => {
    if (call.method === 'picture' || call.method === 'mask') asked[call.method].push(call.params.image);
    if (call.method === 'maps' || call.method === 'thumbnails') asked[call.method].push(...call.params.images);
    if (call.method === 'picture') return { uri: `full ${call.params.image}`, width: 4000, height: 3000 };
    if (call.method === 'thumbnails')
      return call.params.images.map((image) => ({ image, uri: drive.isHere ? `small ${image}` : null }));
    return null;
  };
  const panel: Panel = new Panel({
    post: (message) => {
      const call = message as PanelCall;
      if (!('method' in call)) return;
      const { id } = call;
      const gone = !drive.isHere && (call.method === 'picture' || call.method === 'mask');
      if (gone) queueMicrotask(() => panel.receive({ id, ok: false, error: 'moved or deleted' }));
      else queueMicrotask(() => panel.receive({ id, ok: true, result: answer(call) }));
    },
    getState: () => null,
    setState: () => undefined,
    isNarrow: () => false,
  });
  const scores = Array.from({ length: 40 }, (_, i) => ({ score: 1 - i / 40, rawScore: 1 - i / 40 }));
  panel.receive({ event: 'snapshot', snapshot: scoredSnapshotOf(scores) });
  if (thumbnails) panel.thumbnails(256).want([...scores.keys()]);
  const host = { addController: () => undefined, requestUpdate: () => undefined };
  const picture = new LatestPicture(host as unknown as ReactiveControllerHost, () => panel);
  picture.hostConnected();
  const step = async (after: number) => {
    panel.step(1);
    picture.hostUpdate();
    await vi.advanceTimersByTimeAsync(after);
  };
  const shown = () => (picture.source as unknown as DecodedImage | null)?.src;
  return { asked, panel, picture, step, shown };
}

describe('the current picture', () => {
  it.each([30, 90])('of a key that is held, repeating every %d ms, is loaded where it stops', async (repeat) => {
    const { asked, step, shown } = latest();
    await step(500);
    await step(500);
    expect(asked.picture).toEqual([1, 2, 0, 3]); // and the neighbours
    for (let i = 3; i <= 30; i++) {
      await step(repeat);
      expect(shown()).toBe(i <= 4 ? `full ${i}` : `small ${i}`); // the first repeat comes late: it and its neighbour
    }
    await vi.advanceTimersByTimeAsync(500);
    expect(shown()).toBe('full 30');
    expect(asked.picture.slice(4)).toEqual([4, 30, 31, 29]);
    expect(asked.mask).toEqual(asked.picture);
  });

  it('is there at once after a rest, and however fast where it was loaded ahead', async () => {
    const { step, shown } = latest();
    await step(1);
    expect(shown()).toBe('full 1');
    await step(1);
    expect(shown()).toBe('full 2');
    await step(1);
    expect(shown()).toBe('small 3');
    await vi.advanceTimersByTimeAsync(500);
    expect(shown()).toBe('full 3');
    await step(0);
    expect(shown()).toBe('full 4');
  });

  it('of a review has the next one loaded ahead, whatever the grid shows', async () => {
    const { asked, panel, picture } = latest({ thumbnails: false });
    panel.setView({ pane: 'review', advance: false });
    panel.setFilter({ text: '030' });
    panel.select(5);
    picture.hostUpdate();
    await vi.advanceTimersByTimeAsync(500);
    expect([...panel.derived.visible]).toEqual([30]);
    const next = nextToReview(panel.derived.facts, 5);
    for (const what of ['picture', 'mask', 'maps', 'thumbnails']) expect(asked[what].slice(-1), what).toEqual([next]);
    expect(asked.picture).toEqual([5, next]);
    panel.label('good'); // it stays: the review goes on elsewhere from here
    picture.hostUpdate();
    await vi.advanceTimersByTimeAsync(500);
    const other = nextToReview(panel.derived.facts, 5);
    expect(other).not.toBe(next);
    expect(asked.picture).toEqual([5, next, other]);
    panel.reviewNext();
    picture.hostUpdate();
    await vi.advanceTimersByTimeAsync(0);
    expect((picture.source as unknown as DecodedImage | null)?.src).toBe(`full ${other}`);
  });

  it('that could not be loaded is loaded when its drive is back', async () => {
    const drive = { isHere: false };
    const { panel, picture, step, shown } = latest({ drive });
    await step(6000);
    expect([shown(), picture.problem, picture.maskProblem]).toEqual([
      undefined,
      'moved or deleted',
      'moved or deleted',
    ]);
    drive.isHere = true;
    panel.thumbnails(256).want([1]);
    await vi.advanceTimersByTimeAsync(500);
    expect([shown(), picture.problem, picture.maskProblem]).toEqual(['full 1', undefined, undefined]);
  });

  it('has its thumbnail meanwhile, which is asked for where there is none', async () => {
    const { step, shown } = latest({ thumbnails: false });
    for (let i = 1; i <= 6; i++) await step(30);
    expect(shown()).toBe('small 6');
  });
});
