import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { EngineProcess } from '../../../extension/host/engine-process';
import { JobQueue } from '../../../extension/host/job-queue';

/** An engine that does what the folder's name says. */
const ENGINE = `
process.on('disconnect', () => process.exit(0));
process.on('SIGUSR2', () => process.send({ id: globalThis.job, ok: true, result: 'done' }));
process.on('SIGHUP', () => {
  process.send({ id: globalThis.late, progress: { stage: 'features', done: 1, total: 2, secondsLeft: null } });
  process.send({ id: globalThis.late, ok: false, error: { code: 'CANCELLED', message: 'cancelled' } });
});
process.on('message', ({ id, method, params, cancel }) => {
  if (cancel !== undefined) return globalThis.polite && process.send({ id: cancel, ok: false, error: { code: 'CANCELLED', message: 'cancelled' } });
  if (method === 'thumbnails') {
    if (params.files[0] === 'slow') globalThis.waiting = id;
    else process.send({ id, ok: true, result: params.files });
    return;
  }
  if (method === 'exportRun') return globalThis.late = id;
  const { folder } = params;
  if (folder === 'answer') {
    process.send({ id, progress: { stage: 'features', done: 1, total: 2, secondsLeft: null } });
    process.send({ id, ok: true, result: { method, large: new Float32Array(3) } });
  } else if (folder === 'fail') process.send({ id, ok: false, error: { code: 'TOO_FEW_IMAGES', message: 'one picture', where: 'here', hint: 'add' } });
  else if (folder === 'die') { console.error('out of something'); setTimeout(() => process.exit(7), 20); }
  else if (folder === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (folder === 'job') globalThis.job = id;
  else if (folder === 'polite') globalThis.polite = true;
  else if (folder === 'late') globalThis.late = id;
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
afterEach(() => {
  vi.useRealTimers();
  engine.dispose();
});
const score = (name: string, options = {}) => engine.call('score', { folder: name }, options);
const isAlive = (pid: number | undefined): boolean => {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
};
const gone = async (pid: number | undefined) => {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  return true;
};

/** Another's job, and a call of `folder` beside it whose cancel was not heard. */
async function unheardBesideJob(folder: string, progress: (step: unknown) => void = () => undefined) {
  start();
  const job = score('job');
  const controller = new AbortController();
  const unheard = score(folder, { signal: controller.signal, progress });
  const pid = (await score('answer'), engine.pid);
  controller.abort();
  await expect(unheard).rejects.toMatchObject({ code: 'CANCELLED' });
  return { job, pid: pid as number };
}

/** An export that was cancelled a while ago and whose process has not answered yet: what was said of it since, and what was logged. */
async function cancelledExport() {
  const [logged, steps]: [string[], unknown[]] = [[], []];
  engine = new EngineProcess({ script, log: (_, message) => logged.push(message) });
  const controller = new AbortController();
  const params = { run: 'run.musc.json', format: 'overlays', out: 'overlays' };
  const progress = (step: unknown) => steps.push(step);
  const heard = expect(engine.call('exportRun', params, { signal: controller.signal, progress })).rejects.toMatchObject(
    { code: 'CANCELLED' },
  );
  const pid = (await score('answer'), engine.pid as number);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  controller.abort();
  const later = (milliseconds: number) => {
    vi.advanceTimersByTime(milliseconds);
    vi.useRealTimers();
  };
  return { heard, pid, later, logged, steps };
}

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
    const low = os.constants.priority.PRIORITY_BELOW_NORMAL;
    expect(os.getPriority(engine.pid)).toBe(Math.max(os.getPriority(), low)); // the tests may have a low one themselves
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

  it('lets the next job run when the one before had to be killed', async () => {
    start();
    const queue = new JobQueue({
      score: (request, options) => engine.call('score', request, options),
      bench: () => Promise.reject(new Error('none')),
    });
    await score('answer'); // started: the grace is for a cancel that it could hear
    const deaf = queue.add('score', { folder: 'hang' });
    const next = queue.add('score', { folder: 'answer' });
    const ends = Promise.allSettled([deaf.result, next.result]);
    await vi.waitFor(() => expect(deaf.state).toBe('running'), 20_000);
    deaf.cancel();
    expect(await ends).toMatchObject([{ reason: { code: 'CANCELLED' } }, { status: 'fulfilled' }]);
    expect(next.state).toBe('done');
  });

  it('asks again what others wanted to read when a cancel kills the process', async () => {
    start();
    const controller = new AbortController();
    const pid = (await score('answer'), engine.pid);
    const estimate = engine.call('estimate', { folder: 'hang' }, { signal: controller.signal });
    const thumbnails = engine.call('thumbnails', { files: ['a'], size: 16, cache: 'c', protocol: 'exact' });
    controller.abort();
    await expect(estimate).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(thumbnails).resolves.toEqual(['a']);
    expect(engine.pid).not.toBe(pid);
  });

  it("spares another's job where a cancel is not heard: the call ends, the next has a fresh process, the deaf one ends after", async () => {
    const { job, pid } = await unheardBesideJob('wait');
    expect(isAlive(pid)).toBe(true);
    await score('answer');
    expect(engine.pid).not.toBe(pid);
    process.kill(pid, 'SIGUSR2'); // the job's end
    await expect(job).resolves.toBe('done');
    expect(await gone(pid)).toBe(true);
    await expect(score('answer')).resolves.toBeDefined();
  });

  it('ends a process that answers the cancel late as soon as nobody else needs it, and hears no more of the call', async () => {
    const steps: unknown[] = [];
    const { job, pid } = await unheardBesideJob('late', (step) => steps.push(step));
    process.kill(pid, 'SIGHUP'); // it answers now
    await score('answer');
    process.kill(pid, 'SIGUSR2');
    await expect(job).resolves.toBe('done');
    expect(await gone(pid)).toBe(true);
    expect(steps).toEqual([]);
  });

  it('ends a deaf process with the window too', async () => {
    const { job, pid } = await unheardBesideJob('wait');
    engine.dispose();
    await expect(job).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await gone(pid)).toBe(true);
  });

  it('lets a cancelled export tidy up: the call ends at once, the next has a fresh process, and the old one leaves by itself', async () => {
    const { heard, pid, later, logged, steps } = await cancelledExport();
    await heard; // though no time passes
    later(3000);
    await score('answer');
    expect(engine.pid).not.toBe(pid);
    process.kill(pid, 'SIGHUP'); // it has tidied up now
    expect(await gone(pid)).toBe(true);
    await vi.waitFor(() => expect(logged).toContain('Engine ended (exit code 0).'), 20_000);
    expect(steps).toEqual([]);
  });

  it('kills a cancelled export that is not done with tidying up for long', async () => {
    const { heard, pid, later, logged } = await cancelledExport();
    await heard;
    later(60_000);
    expect(await gone(pid)).toBe(true);
    await vi.waitFor(() => expect(logged).toContain('Engine ended (signal SIGKILL).'), 20_000);
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
