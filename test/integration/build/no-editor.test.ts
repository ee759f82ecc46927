import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const cache = mkdtempSync(path.join(os.tmpdir(), 'musc-no-editor-'));
/** Says that the packages are there: `npm test` would install them anew, below these very tests, where they came by other means. */
const stamp = path.resolve('node_modules/.musc-lock');
const before = existsSync(stamp) ? readFileSync(stamp) : undefined;
beforeAll(() => copyFileSync('package-lock.json', stamp));
afterAll(() => {
  if (before) writeFileSync(stamp, before);
  else rmSync(stamp);
  rmSync(cache, { recursive: true, force: true });
});

/** `npm test -- e2e` on a machine where nothing can be installed: no program is on its path. */
const e2e = (env: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, ['build/test.mjs', 'e2e'], {
    env: { PATH: cache, MUSC_TEST_CACHE: cache, HOME: cache, ...env },
    encoding: 'utf8',
  });

it('tests in an editor that cannot be installed have failed, and say so', () => {
  const { status, stdout, stderr } = e2e({});
  expect(stderr).toContain('e2e failed: the editor could not be installed');
  expect(stdout).toContain('stages: 0 passed, 1 failed: e2e');
  expect(status).toBe(1);
});

it('unless it is said that this machine has none', () => {
  const { status, stdout } = e2e({ MUSC_TEST_SKIP_EDITOR: '1' });
  expect(stdout).toContain('0 passed, 0 failed, not run: e2e');
  expect(status).toBe(0);
});
