import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { isProcessAlive, processStart } from '../../../extension/core/process-alive';

it('a process runs until it has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const pid = child.pid as number;
  expect(isProcessAlive(pid)).toBe(true);
  expect(isProcessAlive(pid, processStart(pid))).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isProcessAlive(pid)).toBe(false);
});

it.skipIf(!existsSync('/proc/self/stat'))('one that has ended does not run, though nobody has buried it', async () => {
  const parent = spawn('sh', ['-c', 'sleep 0.5 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [told] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(told.toString());
  await vi.waitFor(() => expect(isProcessAlive(pid)).toBe(false), 20_000);
  expect(() => process.kill(pid, 0)).not.toThrow(); // its number is still there
  parent.kill('SIGKILL');
});
