import { fork } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Hub } from '../download/hub';
import { buildCommandLine } from '../faults/command-line';

let cli: Awaited<ReturnType<typeof buildCommandLine>>;
let models: string;
beforeAll(async () => {
  cli = await buildCommandLine();
  models = await mkdtemp(path.join(os.tmpdir(), 'musc-gone-'));
});
afterAll(async () => {
  await cli.remove();
  await rm(models, { recursive: true });
});

it('a download ends, as by Ctrl+C, when the window that started it is gone; what came stays for the next', async () => {
  const hub = await Hub.serving(new Uint8Array(10_000_000), { slow: 20 });
  const argv = ['models', 'pull', 'dinov3-vit-s-16', '--yes', '--mirror', hub.base, '--models', models];
  const child = fork(cli.script, argv, { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  child.stderr?.resume();
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  await new Promise<void>((resolve) => child.on('message', () => resolve())); // it is under way
  child.disconnect();
  expect(await ended).toBe(130);
  expect(await readdir(path.join(models, 'dinov3-vit-s-16'))).toEqual(
    expect.arrayContaining([expect.stringContaining('.part')]),
  );
  await hub.close();
});
