import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import type * as fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { scratchParent } from '../../../extension/core/pipeline/scratch';
import { makeScratchFolder } from '../../../extension/core/scoring/scratch-folder';

/** A leftover that the system does not let go. */
const STUCK = 'musc-scratch-999999998-stuck';
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>();
  const rm: typeof real.rm = async (target, options) => {
    if (path.basename(String(target)) === STUCK) throw Object.assign(new Error('not permitted'), { code: 'EPERM' });
    await real.rm(target, options);
  };
  return { ...real, rm };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'musc-scratch-test-'));
  vi.stubEnv('TMPDIR', folder);
  vi.stubEnv('MUSC_SCRATCH', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it.skipIf(process.platform === 'win32')(
  'scratch is of one user alone, on the disk that MUSC_SCRATCH names, too',
  async () => {
    const user = vi.spyOn(process as { geteuid: () => number }, 'geteuid');
    const parents = [1000, 1001].map((id) => (user.mockReturnValue(id), scratchParent()));
    expect(parents).toEqual([1000, 1001].map((id) => path.join(folder, `musc-inspector-${id}`)));
    await makeScratchFolder(parents[0]);
    expect(statSync(parents[0]).mode & 0o777).toBe(0o700);
    vi.stubEnv('MUSC_SCRATCH', path.join(folder, 'disk'));
    expect(scratchParent()).toBe(path.join(folder, 'disk', 'musc-inspector-1001'));
    await makeScratchFolder(scratchParent());
    expect([scratchParent(), path.join(folder, 'disk')].map((f) => statSync(f).mode & 0o077)).toEqual([
      0,
      0o077 & ~process.umask(),
    ]);
  },
);

it('scratch is made where what a dead process left can not be removed', async () => {
  const left = [STUCK, 'musc-scratch-999999999-abc'].map((name) => path.join(folder, name));
  for (const name of left) mkdirSync(name);
  expect(existsSync(await makeScratchFolder(folder))).toBe(true);
  expect(left.map((name) => existsSync(name))).toEqual([true, false]);
});
