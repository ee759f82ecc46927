import { build } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isolatedTest } from '../../../extension/core/backbone/device/isolated-test';
import { knownDevices } from '../../../extension/core/backbone/device/provider';
import { isProcessAlive } from '../../../extension/core/process-alive';

describe('the small test in a process of its own', () => {
  it('passes on the CPU', async () => {
    const { wrong, milliseconds } = await isolatedTest('cpu', 1);
    expect(wrong).toBeNull();
    expect(milliseconds).toBeGreaterThan(0);
  });

  it('fails with a reason, and only there, on a device that is not in this build', async () => {
    const absent = (['directml', 'coreml'] as const).filter((d) => !knownDevices().includes(d));
    for (const device of absent) await expect(isolatedTest(device, 1)).rejects.toThrow(/\S/);
  });
});

/** The small test, made from the product's own code, beside an ONNX Runtime whose driver hangs; a SIGTERM cancels it. */
const PROGRAM = `import { isolatedTest } from './isolated-test';
  const controller = new AbortController();
  process.on('SIGTERM', () => controller.abort());
  isolatedTest('cpu', 1, controller.signal).catch((error) => console.log(error.code ?? error.message));`;
/** It holds the thread that calls it, as ONNX Runtime does, and says first whose that is. */
const HANGING = `exports.listSupportedBackends = () => [];
  exports.InferenceSession = { create: () => {
    require('node:fs').writeFileSync(__dirname + '/pid', String(process.pid));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  } };`;

describe('a small test whose driver hangs', () => {
  let folder: string;
  let program: string;
  let pidFile: string;
  let engine: ChildProcess;
  let tested: number;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'musc-hang-'));
    const ort = path.join(folder, 'node_modules/onnxruntime-node');
    pidFile = path.join(ort, 'pid');
    program = path.join(folder, 'program.cjs');
    await mkdir(ort, { recursive: true });
    await writeFile(path.join(ort, 'package.json'), '{"name":"onnxruntime-node","main":"index.js"}');
    await writeFile(path.join(ort, 'index.js'), HANGING);
    await build({
      stdin: { contents: PROGRAM, resolveDir: path.resolve('extension/core/backbone/device'), loader: 'ts' },
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['onnxruntime-node'],
      logLevel: 'error',
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Starts the test; it hangs when this is done. */
  async function hang(): Promise<void> {
    await rm(pidFile, { force: true });
    engine = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await vi.waitFor(() => expect(readFileSync(pidFile, 'utf8')).toMatch(/\d/), { timeout: 60_000 });
    tested = Number(await readFile(pidFile, 'utf8'));
  }
  afterEach(() => {
    engine.kill('SIGKILL');
    if (isProcessAlive(tested)) process.kill(tested, 'SIGKILL');
  });
  const ended = () => vi.waitFor(() => expect(isProcessAlive(tested)).toBe(false), { timeout: 60_000, interval: 50 });

  it('ends with a process that is killed and can end nothing', async () => {
    await hang();
    const exit = once(engine, 'exit');
    engine.kill('SIGKILL');
    await exit;
    await ended();
  });

  it('ends at once where it is cancelled, and says so', async () => {
    await hang();
    let said = '';
    engine.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const exit = once(engine, 'exit');
    engine.kill('SIGTERM');
    await exit;
    expect(said).toBe('CANCELLED\n');
    await ended();
  });

  it.skipIf(!existsSync('/proc/self/stat'))('ends by itself where a process that lives does not end it', async () => {
    await hang();
    engine.kill('SIGSTOP'); // its clock stands still, and it buries nobody
    await ended();
  });
});
