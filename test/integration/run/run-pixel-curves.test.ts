import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { pixelCurves as PixelCurves } from '../../../extension/core/metrics/pixel-curves';
import { runPixelCurves } from '../../../extension/core/pipeline/run-pixel-curves';
import { keptRun } from '../../../extension/core/run/run-kept';
import { sampleRun } from './sample-run';

/** Measurements: how many were begun, and when they go on. */
const measuring = vi.hoisted(() => ({ begun: 0, hold: Promise.resolve() }));
vi.mock('../../../extension/core/metrics/pixel-curves', async (original) => {
  const real = await original<{ pixelCurves: typeof PixelCurves }>();
  const pixelCurves: typeof PixelCurves = async (source, options) => {
    measuring.begun++;
    await measuring.hold;
    return real.pixelCurves(source, options);
  };
  return { pixelCurves };
});

let release: () => void;
beforeEach(() => {
  measuring.begun = 0;
  measuring.hold = new Promise((resolve) => (release = resolve));
});

const begun = (times: number) => vi.waitFor(() => expect(measuring.begun).toBe(times), 20_000);
const { signal } = new AbortController();

describe('the curves of a run', () => {
  it('are measured once for all who ask, of whom one leaves, and for who asks later', async () => {
    const { runPath } = await sampleRun();
    const leaving = new AbortController();
    const [first, second] = [runPixelCurves(runPath, leaving.signal), runPixelCurves(runPath, signal)];
    await begun(1);
    leaving.abort();
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' }); // at once: the measurement is still held
    release();
    const curves = await second;
    expect(curves).toHaveProperty('roc');
    expect(await runPixelCurves(runPath, signal)).toBe(curves);
    expect(measuring.begun).toBe(1);
  });

  it('are not measured on for nobody, and measured anew for who asks again', async () => {
    const { runPath } = await sampleRun();
    const leaving = new AbortController();
    const first = runPixelCurves(runPath, leaving.signal);
    await begun(1);
    leaving.abort();
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    const again = runPixelCurves(runPath, signal);
    await begun(2);
    release();
    expect(await again).toHaveProperty('pro');
  });

  it('are kept though another run was looked at in between', async () => {
    release();
    const [one, other] = [await sampleRun(), await sampleRun()];
    await runPixelCurves(one.runPath, signal);
    await keptRun(other.runPath); // as its masks are asked for
    await runPixelCurves(one.runPath, signal);
    expect(measuring.begun).toBe(1);
  });
});
