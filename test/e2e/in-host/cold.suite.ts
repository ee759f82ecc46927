// A folder scored in a window that is still starting, with nothing loaded ahead and no profiler, which would hold the loop itself.
import assert from 'node:assert/strict';
import { discs, extension, pieces } from './extension';
import { lagOf } from './lag';

describe('in a window that is still starting', () => {
  it('scores a folder', async () => {
    if (!extension) assert.fail('the extension is not installed');
    const api = await extension.activate();
    const before = pieces().length;
    const [scored, during] = await lagOf(() => api.score(discs(), { imageSize: 256 }));
    const state = before === 0 ? 'nothing loaded ahead' : `${before} files loaded ahead`;
    console.log(`REPORT event-loop lag during a run in a window that is still starting (${state}): ${during}`);
    assert.equal(scored.ranking[0].path, 'odd.png');
  });
});
