import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { bundleWorker } from '../../unit/scoring/bundle-worker';

/** Debian's chromium brings a graphics card made of software. */
const CHROMIUM = '/usr/lib/chromium';
const ICD = path.join(CHROMIUM, 'vk_swiftshader_icd.json');

it.skipIf(!existsSync(ICD))('scores on WebGPU, every node, as on the CPU', async () => {
  const script = await bundleWorker('test/integration/scoring/webgpu-scoring.ts');
  const env = {
    ...process.env,
    VK_ICD_FILENAMES: ICD,
    LD_LIBRARY_PATH: [CHROMIUM, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  };
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], {
    env,
    encoding: 'utf8',
    timeout: 280_000,
  });
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ device: 'webgpu', fallback: null, held: 'gpu-buffer', close: true });
});
