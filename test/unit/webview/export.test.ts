import { expect, it } from 'vitest';
import { scoredSnapshotOf } from '../../integration/webview/harness/scenario';
import type { PanelCall } from '../../../extension/protocol/panel';
import { Panel } from '../../../webview/state/panel';
import type { HeatView } from '../../../webview/state/view';
import { postingPanel } from './posting-panel';

/** What the panel of a run with these scores tells the editor when it exports. */
function exported(
  scores: readonly [score: number, rawScore: number][],
  threshold: number,
  heat: Partial<HeatView> = {},
  ask = (panel: Panel) => panel.exportRun(),
): PanelCall | undefined {
  const { panel, posted } = postingPanel();
  const scored = scoredSnapshotOf(scores.map(([score, rawScore]) => ({ score, rawScore })));
  const snapshot = { ...scored, mapRange: { median: 1, max: 9 } };
  panel.receive({ event: 'snapshot', snapshot });
  panel.setHeat(heat);
  panel.setThreshold({ kind: 'manual', value: threshold });
  ask(panel);
  return posted.findLast((call) => 'method' in call && call.method === 'command');
}

it('an export follows the threshold that the panel shows, on the scale of scores and of maps', () => {
  const scores: [number, number][] = [
    [0.9, 9],
    [0.7, 5],
    [0.5, 3],
    [0.1, 1],
  ];
  expect(exported(scores, 0.6)).toMatchObject({
    params: { name: 'export', threshold: { score: 0.6, map: 4 } },
  });
});

it('an export of a panel whose threshold is no number goes by the default', () => {
  expect(exported([[0.5, 0.5]], Infinity)).toMatchObject({ params: { name: 'export' } });
  expect(exported([[0.5, 0.5]], Infinity)).not.toHaveProperty('params.threshold');
});

it('an export can draw heat as the panel does: its colours, opacity and scale', () => {
  const scores: [number, number][] = [[0.5, 3]];
  expect(exported(scores, 0.5, { colormap: 'viridis', opacity: 0.3, scale: 'run' })).toMatchObject({
    params: { heat: { colormap: 'viridis', opacity: 0.3, scale: { low: 1, high: 9 } } },
  });
  expect(exported(scores, 0.5, { scale: 'picture' })).toMatchObject({ params: { heat: { scale: null } } });
});

it('an export that the editor’s own command asks for is that of the panel', () => {
  const ask = (panel: Panel) => panel.receive({ event: 'export' });
  expect(exported([[0.9, 9]], 0.6, {}, ask)).toMatchObject({ params: { name: 'export', threshold: { score: 0.6 } } });
});

it('nothing is exported by a panel that shows no run yet', () => {
  const posted: unknown[] = [];
  const page = { post: (call: unknown) => posted.push(call), getState: () => null, setState: () => {} };
  new Panel({ ...page, isNarrow: () => false }).receive({ event: 'export' });
  expect(posted).toEqual([]);
});
