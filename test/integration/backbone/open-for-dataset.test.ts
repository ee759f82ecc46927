import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeModel } from '../../../extension/core/backbone/onnx/encode';
import { makeNode } from '../../../extension/core/backbone/onnx/rewrite';
import { floatTensor } from '../../../extension/core/backbone/onnx/tensor';
import { recognise } from '../../../extension/core/dataset/recognise';
import { openForDataset } from '../../../extension/core/pipeline/open-for-dataset';
import { resolveSettings } from '../../../extension/core/pipeline/resolve-settings';
import type { LogLevel } from '../../../extension/core/progress';
import type { Fit } from '../../../extension/core/settings';
import { writeRandomCheckpoint } from '../../bench/random-checkpoint';
import { noise, tinyConvolution } from '../../unit/backbone/tiny-network';

const SQUARE = { height: 32, width: 32 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-fit-'));
  const free = tinyConvolution();
  await writeFile(path.join(folder, 'free.onnx'), encodeModel(free));
  // a table of positions with the size of the square built in, as exporters leave it
  free.graph.initializers.set('table', floatTensor('table', [1, 4, 8, 8], noise(256, 3)));
  free.graph.nodes.push(makeNode('Add', ['fine', 'table'], ['placed']));
  await writeFile(path.join(folder, 'baked.onnx'), encodeModel(free));
  const size = { width: 64, depth: 4, patch: 8, grid: 4, mlpWidth: 128, layerScale: true };
  await writeRandomCheckpoint(path.join(folder, 'tiny.safetensors'), size);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The model input that a network is opened at for pictures of a shape, and what is said of it. */
async function opened(network: string, tap: string, fit: Fit | 'auto', width: number, height: number, imageSize = 32) {
  const root = await mkdtemp(path.join(folder, 'pictures-'));
  for (const name of ['0.png', '1.png'])
    await sharp({ create: { width, height, channels: 3, background: '#888' } }).toFile(path.join(root, name));
  const request = {
    folder: root,
    backbone: path.join(folder, network),
    taps: [tap],
    imageSize,
    fit,
    device: 'cpu' as const,
    models: folder,
  };
  const logged: [LogLevel, string][] = [];
  const settings = resolveSettings(request);
  const { datasets } = await recognise(root);
  const backbone = await openForDataset(request, settings, datasets[0], {
    signal: new AbortController().signal,
    log: (level, text) => logged.push([level, text]),
  });
  await backbone.run(new Float32Array(3 * backbone.input.height * backbone.input.width), 1);
  await backbone.close();
  return { input: backbone.input, logged };
}

it.each([
  ['square', 32, 32],
  ['far from square', 40, 20],
])('opens no other file than the one that was agreed to, for %s pictures', async (_, width, height) => {
  const root = await mkdtemp(path.join(folder, 'pictures-'));
  for (const name of ['0.png', '1.png'])
    await sharp({ create: { width, height, channels: 3, background: '#888' } }).toFile(path.join(root, name));
  const backboneSha256 = 'f'.repeat(64);
  const other = path.join(root, 'other.onnx');
  await writeFile(other, 'not even a network'); // which decoding it would tell
  const request = { folder: root, backbone: other, taps: ['fine'], backboneSha256 };
  const { datasets } = await recognise(root);
  const context = { signal: new AbortController().signal, log: () => undefined };
  await expect(openForDataset(request, resolveSettings(request), datasets[0], context)).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
  });
});

describe('for pictures far from square', () => {
  it('a network that takes any size is opened in their shape', async () => {
    expect(await opened('free.onnx', 'fine', 'auto', 40, 20)).toEqual({
      input: { height: 23, width: 45 },
      logged: [['info', 'The pictures are far from square: model input 45 x 23 instead of a square.']],
    });
  });

  it('one with its size built in goes on with the square and says why, unless their shape was asked for', async () => {
    const { input, logged } = await opened('baked.onnx', 'placed', 'auto', 40, 20);
    expect(input).toEqual(SQUARE);
    expect(logged).toEqual([
      [
        'warn',
        expect.stringMatching(/far from square, but the backbone does not run at 45 x 23 \(.+\): they are squashed/),
      ],
    ]);
    await expect(opened('baked.onnx', 'placed', 'keep', 40, 20)).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
  });
});

it('pictures that are nearly square are not called far from it where their shape is kept', async () => {
  expect(await opened('free.onnx', 'fine', 'keep', 40, 32)).toEqual({
    input: { height: 29, width: 36 },
    logged: [['info', 'Model input 36 x 29 instead of a square.']],
  });
});

it.each(['keep', 'auto'] as const)(
  'a size that is no multiple of the patch does where the shape is kept (%s)',
  async (fit) => {
    const { input, logged } = await opened('tiny.safetensors', '1', fit, 48, 24, 50);
    expect(input).toEqual({ height: 32, width: 72 });
    expect(logged.map(([level]) => level)).not.toContain('warn');
    // and the graph of a square, as large as the checkpoint, is not built for nothing
    expect(await readdir(path.join(folder, '.built'))).toHaveLength(1); // of both fits
  },
);

it('square pictures whose shape is kept get a square of whole patches, and nothing is said of another', async () => {
  const { input, logged } = await opened('tiny.safetensors', '1', 'keep', 40, 40, 50);
  expect(input).toEqual({ height: 48, width: 48 });
  expect(logged.map(([, text]) => text).join()).not.toContain('instead of a square');
});
