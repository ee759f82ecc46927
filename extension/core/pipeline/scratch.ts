import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Where scratch folders lie: one per process that made them, so that a later process can tell whose owner is gone. */
const parent = (): string => path.join(process.env.MUSC_SCRATCH ?? os.tmpdir(), 'musc-inspector');

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // someone else's process: alive
  }
}

/** A fresh scratch folder of this process. The caller removes it; after a crash `sweepScratch` of a later process does. */
export async function makeScratch(): Promise<string> {
  await mkdir(parent(), { recursive: true, mode: 0o700 });
  return mkdtemp(path.join(parent(), `${process.pid}-`));
}

/** Removes scratch folders whose process is gone. Never throws: a leftover costs space, not results. */
export async function sweepScratch(): Promise<void> {
  const names = await readdir(parent()).catch(() => [] as string[]);
  for (const name of names) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && !alive(pid)) await rm(path.join(parent(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}
