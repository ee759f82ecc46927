import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { EngineProcess } from '../../../extension/host/engine-process';

/** An engine that does what the folder's name says. */
const ENGINE = `
process.on('disconnect', () => process.exit(0));
process.on('message', ({ id, method, params, cancel }) => {
  if (cancel !== undefined) return globalThis.polite && process.send({ id: cancel, ok: false, error: { code: 'CANCELLED', message: 'cancelled' } });
  const { folder } = params;
  if (folder === 'answer') {
    process.send({ id, progress: { stage: 'features', done: 1, total: 2, secondsLeft: null } });
    process.send({ id, ok: true, result: { method, large: new Float32Array(3) } });
  } else if (folder === 'fail') process.send({ id, ok: false, error: { code: 'TOO_FEW_IMAGES', message: 'one picture', where: 'here', hint: 'add' } });
  else if (folder === 'die') { console.error('out of something'); setTimeout(() => process.exit(7), 20); }
  else if (folder === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (folder === 'polite') globalThis.polite = true;
  else if (folder === 'hang') for (;;);
});
process.send({ ready: true, version: 'test' });
`;
const folder = mkdtempSync(path.join(os.tmpdir(), 'musc-engine-'));
const script = path.join(folder, 'engine.mjs');
writeFileSync(script, ENGINE);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let engine: EngineProcess;
const start = () => (engine = new EngineProcess({ script, log: () => undefined }));
afterEach(() => engine.dispose());
const score = (name: string, options = {}) => engine.call('score', { folder: name }, options);
const gone = async (pid: number | undefined) => {
  for (;;) {
    try {
      process.kill(pid ?? 0, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe('EngineProcess', () => {
  it('starts with the first call, reports progress and answers', async () => {
    start();
    expect(engine.pid).toBeUndefined();
    const steps: unknown[] = [];
    const result: unknown = await score('answer', { progress: (step: unknown) => steps.push(step) });
    expect(result).toEqual({ method: 'score', large: new Float32Array(3) });
    expect(steps).toHaveLength(1);
  });

  it('gives way to the editor when it works in the background, and only then', async () => {
    start();
    await score('answer');
    expect(os.getPriority(engine.pid)).toBe(os.getPriority());
    engine.dispose();
    engine = new EngineProcess({ script, background: true, log: () => undefined });
    await score('answer');
    expect(os.getPriority(engine.pid)).toBeGreaterThan(os.getPriority());
  });

  it("hands on the engine's own errors", async () => {
    start();
    await expect(score('fail')).rejects.toMatchObject({ code: 'TOO_FEW_IMAGES', where: 'here', hint: 'add' });
  });

  it('reports a death with its reason and last words, to every call, and starts again', async () => {
    start();
    const waiting = score('wait');
    const dying = score('die');
    await expect(dying).rejects.toMatchObject({
      code: 'ENGINE_DIED',
      message: expect.stringContaining('exit code 7'),
      where: 'out of something',
    });
    await expect(waiting).rejects.toMatchObject({ code: 'ENGINE_DIED' });
    await expect(score('kill')).rejects.toMatchObject({
      code: 'ENGINE_DIED',
      message: expect.stringContaining('SIGKILL'),
    });
    await expect(score('answer')).resolves.toBeDefined();
  });

  it('cancels politely where the engine listens', async () => {
    start();
    const controller = new AbortController();
    const call = score('polite', { signal: controller.signal });
    await score('answer');
    const pid = engine.pid;
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(engine.pid).toBe(pid);
  });

  it('kills an engine that does not listen, and works again after it', async () => {
    start();
    await score('answer');
    const pid = engine.pid;
    const controller = new AbortController();
    const call = score('hang', { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await gone(pid)).toBe(true);
    await expect(score('answer')).resolves.toBeDefined();
  });

  it('refuses a call that is cancelled already, without starting anything', async () => {
    start();
    await expect(score('answer', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(engine.pid).toBeUndefined();
  });

  it('ends its process when disposed; calls in flight are cancelled', async () => {
    start();
    await score('answer');
    const pid = engine.pid;
    const call = score('wait');
    engine.dispose();
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await gone(pid)).toBe(true);
  });

  it('says that a script is not there', async () => {
    engine = new EngineProcess({ script: path.join(folder, 'none.mjs'), log: () => undefined });
    await expect(score('answer')).rejects.toMatchObject({ code: 'ENGINE_DIED' });
  });
});
