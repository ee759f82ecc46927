import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildBackbone } from '../../../extension/core/backbone/checkpoint/build-backbone';
import type { BuildRequest, BuiltBackbone } from '../../../extension/core/backbone/checkpoint/build-request';
import { fileSha256 } from '../../../extension/core/file-sha256';
import { openBackbone } from '../../../extension/core/backbone/open-backbone';
import { writeRandomCheckpoint } from '../../bench/random-checkpoint';

const SIZE = { width: 64, depth: 4, patch: 8, grid: 4, mlpWidth: 128, layerScale: true };
let folder: string;
let checkpoint: string;
let outFolder: string;
let counter = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'musc-build-'));
  checkpoint = path.join(folder, 'tiny.safetensors');
  await writeRandomCheckpoint(checkpoint, SIZE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  outFolder = path.join(folder, `out${counter++}`);
});

const request = (more: Partial<BuildRequest> = {}): BuildRequest => ({
  checkpoint,
  input: null,
  taps: 'auto',
  embedding: true,
  protocol: 'exact',
  flavour: 'cpu',
  outFolder,
  ...more,
});

async function run(
  built: BuiltBackbone,
  n = 1,
): Promise<Record<string, { dims: readonly number[]; data: Float32Array }>> {
  const session = await InferenceSession.create(built.file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const { height, width } = built.input;
    const pixels = Float32Array.from({ length: n * 3 * height * width }, (_, i) => Math.sin(i * 0.7));
    const results = await session.run({ [built.inputName]: new Tensor('float32', pixels, [n, 3, height, width]) });
    return Object.fromEntries(
      Object.entries(results).map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }]),
    );
  } finally {
    await session.release();
  }
}

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i])), 0);
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: { code: string }) => error.code,
  );

describe('a graph', () => {
  it('has patches of every tap and the image feature, for any number of pictures', async () => {
    const built = await buildBackbone(request());
    expect(built).toMatchObject({ family: 'dinov2', depth: 4, width: 64, patch: 8, grid: { height: 4, width: 4 } });
    expect(built.sha256).toBe(await fileSha256(checkpoint));
    const outputs = await run(built, 3);
    for (const { name } of built.taps) expect(outputs[name].dims).toEqual([3, 16, 64]);
    expect(outputs[built.embedding?.name ?? ''].dims).toEqual([3, 64]);
  });

  it('runs the activation of the protocol where the authors took another', async () => {
    const built = async (protocol: 'exact' | 'reference', hints: BuildRequest['hints']) =>
      run(await buildBackbone(request({ protocol, hints })));
    const trained = { activation: 'quick_gelu', referenceActivation: 'gelu' } as const;
    expect(await built('reference', trained)).toEqual(await built('reference', { activation: 'gelu' }));
    expect(await built('exact', trained)).toEqual(await built('exact', { activation: 'quick_gelu' }));
    expect(await built('exact', trained)).not.toEqual(await built('reference', trained));
  });

  it('says the same in every set of operators, float16 within its precision', async () => {
    const input = { height: 48, width: 32 };
    const cpu = await run(await buildBackbone(request({ input })));
    const plain = await run(await buildBackbone(request({ input, flavour: 'plain' })));
    const half = await run(await buildBackbone(request({ input, flavour: 'gpu16' })));
    for (const name of Object.keys(cpu)) {
      expect(largestDifference(cpu[name].data, plain[name].data), name).toBeLessThan(2e-5);
      expect(largestDifference(cpu[name].data, half[name].data), name).toBeLessThan(2e-2);
    }
  });

  it('for a rectangle has rows and columns the right way round', async () => {
    const built = await buildBackbone(request({ input: { height: 24, width: 56 } }));
    expect(built.grid).toEqual({ height: 3, width: 7 });
    expect((await run(built))[built.taps[0].name].dims).toEqual([1, 21, 64]);
  });

  it('ends with the last tap when no image feature is wanted', async () => {
    const whole = await buildBackbone(request({ taps: [0, 1] }));
    const short = await buildBackbone(request({ taps: [0, 1], embedding: false }));
    expect(short.embedding).toBeNull();
    const weights = async (built: BuiltBackbone) =>
      (await stat(path.join(path.dirname(built.file), 'weights.bin'))).size;
    expect(await weights(short)).toBeLessThan(0.65 * (await weights(whole)));
    expect((await run(short)).block1.data).toEqual((await run(whole)).block1.data);
  });

  it('keeps taps in order of block, each once', async () => {
    const built = await buildBackbone(request({ taps: [3, 1, 3] }));
    expect(built.taps.map((t) => t.block)).toEqual([1, 3]);
  });
});

describe('building', () => {
  it('happens once for the same checkpoint and options', async () => {
    const first = await buildBackbone(request());
    const { mtimeMs } = await stat(first.file);
    const fractions: number[] = [];
    const again = await buildBackbone(request({ progress: (f) => fractions.push(f) }));
    expect(again).toEqual(first);
    expect((await stat(again.file)).mtimeMs).toBe(mtimeMs);
    expect(fractions).toEqual([]);
    expect((await buildBackbone(request({ flavour: 'plain' }))).file).not.toBe(first.file);
  });

  it('twice at the same time gives one good graph', async () => {
    const [a, b] = await Promise.all([buildBackbone(request()), buildBackbone(request())]);
    expect(a.file).toBe(b.file);
    expect(await readdir(outFolder)).toHaveLength(1);
    expect(Object.keys(await run(a)).length).toBe(5);
  });

  it('tells how far it is and leaves nothing when cancelled', async () => {
    const stop = new AbortController();
    const fractions: number[] = [];
    const progress = (fraction: number): void => {
      fractions.push(fraction);
      if (fraction >= 0.5) stop.abort();
    };
    expect(await code(buildBackbone(request({ signal: stop.signal, progress })))).toBe('CANCELLED');
    expect(fractions).toEqual([0.25, 0.5]);
    expect(await readdir(outFolder)).toEqual([]);
  });

  it('keeps the four graphs of a checkpoint that were used last, and clears up after crashes', async () => {
    await mkdir(path.join(outFolder, 'old.tmp'), { recursive: true });
    await utimes(path.join(outFolder, 'old.tmp'), 0, 0);
    await mkdir(path.join(outFolder, 'other-checkpoint'));
    const files: string[] = [];
    for (const side of [8, 16, 24, 32, 40]) {
      const { file } = await buildBackbone(request({ input: { height: side, width: side } }));
      await utimes(path.dirname(file), 1000 + side, 1000 + side);
      files.push(file);
      if (side === 32) await buildBackbone(request({ input: { height: 8, width: 8 } })); // used again
    }
    expect(files.map((file) => existsSync(file))).toEqual([true, false, true, true, true]);
    expect(existsSync(path.join(outFolder, 'old.tmp'))).toBe(false);
    expect(existsSync(path.join(outFolder, 'other-checkpoint'))).toBe(true);
  });

  it('refuses sizes, taps and files that can’t be', async () => {
    expect(await code(buildBackbone(request({ input: { height: 30, width: 32 } })))).toBe('SETTING_INVALID');
    expect(await code(buildBackbone(request({ taps: [4] })))).toBe('TAP_UNKNOWN');
    expect(await code(buildBackbone(request({ taps: [] })))).toBe('TAP_UNKNOWN');
    const junk = path.join(folder, 'junk.safetensors');
    await writeFile(junk, '<!doctype html><html>not found</html>');
    expect(await code(buildBackbone(request({ checkpoint: junk })))).toBe('BACKBONE_INVALID');
    expect(await code(buildBackbone(request({ checkpoint: path.join(folder, 'none.safetensors') })))).toBe('FILE_IO');
    expect(existsSync(outFolder)).toBe(false);
  });
});

it('a checkpoint opens as a backbone like any other file', async () => {
  const backbone = await openBackbone(
    {
      backbone: checkpoint,
      taps: ['1', '3'],
      input: { height: 32, width: 48 },
      device: 'cpu',
      protocol: 'exact',
      threads: 1,
    },
    { models: folder },
  );
  try {
    expect(backbone.grid).toEqual({ height: 4, width: 6 });
    const features = await backbone.run(new Float32Array(2 * 3 * 32 * 48).fill(0.5), 2);
    expect(features.taps.map((t) => t.length)).toEqual([2 * 24 * 64, 2 * 24 * 64]);
    expect(features.embedding).toHaveLength(128);
    expect(backbone.info.rscin).not.toBe('off');
  } finally {
    await backbone.close();
  }
});
