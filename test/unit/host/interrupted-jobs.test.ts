import os from 'node:os';
import type { Memento } from 'vscode';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { InterruptedJobs } from '../../../extension/host/interrupted-jobs';

/** Processes that run, and what happens while somebody waits. */
const machine = vi.hoisted(() => ({ alive: new Set<number>(), waits: 0, meanwhile: (): void => undefined }));
vi.mock('../../../extension/core/process-alive', () => ({
  isProcessAlive: (pid: number, start?: string) =>
    machine.alive.has(pid) && (start === undefined || start === `start of ${pid}`),
  processStart: (pid: number) => `start of ${pid}`,
}));
vi.mock('node:timers/promises', () => ({
  setTimeout: () => (machine.waits++, machine.meanwhile(), Promise.resolve()),
}));

/** A job as a window of this process remembers it. */
const job = (pid: number, folder: string, hostname = os.hostname()) => ({
  id: folder,
  kind: 'score',
  folder,
  owner: { pid, hostname },
});
let stored: unknown;
const memento = {
  get: () => stored,
  update: (_: string, value: unknown) => Promise.resolve(void (stored = value)),
} as unknown as Memento;
const foldersOf = (jobs: InterruptedJobs) => jobs.earlier.map(({ request }) => request.folder);

beforeEach(() => {
  stored = undefined;
  Object.assign(machine, { alive: new Set([7]), waits: 0, meanwhile: () => undefined });
});

describe('jobs to offer again', () => {
  it('are those whose window is gone, or lies on another machine, or is not known', () => {
    stored = [job(7, '/at-work'), job(8, '/gone'), job(7, '/elsewhere', 'another'), { folder: '/old' }];
    expect(foldersOf(new InterruptedJobs(memento))).toEqual(['/gone', '/elsewhere', '/old']);
  });

  it('are those of a window whose number is that of another process by now', () => {
    const at = (started: string) => ({ ...job(7, `/${started}`), owner: { pid: 7, hostname: os.hostname(), started } });
    stored = [at('start of 7'), at('an earlier start')];
    expect(foldersOf(new InterruptedJobs(memento))).toEqual(['/an earlier start']);
  });

  it('are those of an earlier process of the same number: containers count anew', async () => {
    machine.alive.add(process.pid);
    await new InterruptedJobs(memento).began('score', { folder: '/before' });
    const jobs = new InterruptedJobs(memento);
    await jobs.began('score', { folder: '/now' });
    expect(foldersOf(jobs)).toEqual(['/before']);
    expect(jobs.earlier[0].request).toEqual({ folder: '/before' });
  });

  it('are none of the same work any more once that is done, and others stay', async () => {
    const of = (changes: object) => ({ ...job(8, '/gone'), ...changes });
    const others = [
      of({ id: 'bench', kind: 'bench' }),
      of({ id: 'part', category: 'cable' }),
      of({ id: 'seed', seed: 1 }),
      job(7, '/at-work'),
      job(8, '/other'),
    ];
    stored = [of({ id: '1' }), of({ id: '2', threads: 1, resume: true }), ...others];
    const jobs = new InterruptedJobs(memento);
    const [now, next] = [
      await jobs.began('score', { folder: '/gone' }),
      await jobs.began('score', { folder: '/gone' }),
    ];
    await jobs.done(now);
    expect((stored as { id: string }[]).map(({ id }) => id)).toEqual([...others.map(({ id }) => id), next]);
    expect(jobs.earlier.map(({ id }) => id)).toEqual(['bench', 'part', 'seed', '/other']);
    await jobs.done('unknown');
    expect(stored).toHaveLength(6);
  });

  it('are none of the same work that a window was at which was just closing', async () => {
    stored = [job(7, '/reloaded')];
    const jobs = new InterruptedJobs(memento);
    await jobs.done(await jobs.began('score', { folder: '/reloaded' }));
    machine.alive.clear();
    expect([foldersOf(jobs), stored]).toEqual([[], undefined]);
  });

  it('stay with the window that is at them when others are forgotten', async () => {
    stored = [job(7, '/at-work'), job(8, '/gone')];
    await new InterruptedJobs(memento).forget(['/gone']);
    expect(stored).toEqual([job(7, '/at-work')]);
    machine.alive.clear();
    expect(foldersOf(new InterruptedJobs(memento))).toEqual(['/at-work']);
  });

  it('include those of a window that is just closing', async () => {
    stored = [job(7, '/reloaded')];
    machine.meanwhile = () => void (machine.waits === 3 && machine.alive.clear());
    const jobs = new InterruptedJobs(memento);
    expect(await jobs.anyEarlier()).toBe(true);
    expect([machine.waits, foldersOf(jobs)]).toEqual([3, ['/reloaded']]);
  });

  it('include those of a window that takes a minute to close, which delays no others for so long', async () => {
    stored = [job(7, '/reloaded')];
    machine.meanwhile = () => void (machine.waits === 120 && machine.alive.clear());
    expect(await new InterruptedJobs(memento).anyEarlier()).toBe(true);
    expect(machine.waits).toBe(120);
    machine.alive.add(7);
    machine.waits = 0;
    stored = [job(7, '/at-work'), job(8, '/gone')];
    expect(await new InterruptedJobs(memento).anyEarlier()).toBe(true);
    expect(machine.waits).toBe(40);
  });

  it('are none while a window stays at its own', async () => {
    stored = [job(7, '/at-work')];
    expect(await new InterruptedJobs(memento).anyEarlier()).toBe(false);
    expect(machine.waits).toBeGreaterThan(1);
  });

  it('are known at once where no window is at any', async () => {
    stored = [job(8, '/gone')];
    expect(await new InterruptedJobs(memento).anyEarlier()).toBe(true);
    stored = undefined;
    expect(await new InterruptedJobs(memento).anyEarlier()).toBe(false);
    expect(machine.waits).toBe(0);
  });
});
