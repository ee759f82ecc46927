// What a window costs by itself while it starts, and the first run once it is at rest: how a person comes to it.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { discs, extension, loadedAhead, pieces } from './extension';
import { lagOf } from './lag';
import { settled } from './own-share';

/** As long as a run of `cold.suite` takes, ms. */
const LENGTH = 4000;

describe('in a window that comes to rest', () => {
  it('scores a folder for the first time', async () => {
    if (!extension) assert.fail('the extension is not installed');
    const api = await extension.activate();
    const [, starting] = await lagOf(() => wait(LENGTH));
    const state = pieces().length === 0 ? 'nothing loaded' : `${pieces().length} files loaded`;
    console.log(`REPORT event-loop lag in a window that is still starting, without a run (${state}): ${starting}`);
    await loadedAhead();
    await settled();
    const [scored, during] = await lagOf(() => api.score(discs(), { imageSize: 256 }));
    console.log(`REPORT event-loop lag during the first run of a window at rest: ${during}`);
    assert.equal(scored.ranking[0].path, 'odd.png');
  });
});
