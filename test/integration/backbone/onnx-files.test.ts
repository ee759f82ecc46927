import { appendFile, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../../extension/core/array/npy';
import { encodeModel } from '../../../extension/core/backbone/onnx/encode';
import type { OnnxModel, OnnxTensor } from '../../../extension/core/backbone/onnx/model';
import { readNetwork } from '../../../extension/core/backbone/onnx/network';
import { makeNode } from '../../../extension/core/backbone/onnx/rewrite';
import { floatTensor, floatValues } from '../../../extension/core/backbone/onnx/tensor';
import { importBackbone } from '../../../extension/core/backbone/import-backbone';
import { openBackbone } from '../../../extension/core/backbone/open-backbone';
import { fileSha256 } from '../../../extension/core/file-sha256';
import { featureKey } from '../../../extension/core/pipeline/collect-features';
import type { BackboneRequest } from '../../../extension/core/backbone/backbone';
import { noise, tinyConvolution, tinyVit } from '../../unit/backbone/tiny-network';

const fixtures = path.join(import.meta.dirname, '../../fixtures/golden/onnx');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-onnx-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, model: OnnxModel): Promise<string> => {
  const file = path.join(folder, name);
  await writeFile(file, encodeModel(model));
  return file;
};
const request = (backbone: string, more: Partial<BackboneRequest> = {}): BackboneRequest => ({
  backbone,
  taps: 'auto',
  input: null,
  device: 'cpu',
  protocol: 'exact',
  threads: 1,
  ...more,
});
/** Features of one fixed picture. */
async function features(asked: BackboneRequest) {
  const backbone = await openBackbone(asked);
  try {
    const pixels = noise(3 * backbone.input.height * backbone.input.width, 42, 1);
    return { backbone, ...(await backbone.run(pixels, 1)) };
  } finally {
    await backbone.close();
  }
}
const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
};

/** Moves every weight of a model into `weights`, as exporters do beyond 2 GiB. */
function external(model: OnnxModel, location: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of model.graph.initializers.values()) {
    if (!tensor.raw || tensor.dims.length === 0 || tensor.dataType !== 1) continue;
    tensor.external = new Map([
      ['location', location],
      ['offset', String(offset)],
      ['length', String(tensor.raw.length)],
    ]);
    parts.push(tensor.raw);
    offset += tensor.raw.length;
    tensor.raw = null;
  }
  return Buffer.concat(parts);
}

describe('any ONNX file', () => {
  it('is opened only as what was agreed to, if that is said', async () => {
    const file = await write('agreed.onnx', tinyConvolution());
    const asked = (sha256: string) => request(file, { taps: ['inner'], input: { height: 32, width: 32 }, sha256 });
    const sha256 = await fileSha256(file);
    await (await openBackbone(asked(sha256))).close();
    await appendFile(file, 'x');
    await expect(openBackbone(asked(sha256))).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      message: 'the network file is not the one that was agreed to',
      where: file,
    });
  });

  it('gives inner tensors and outputs as taps, resized to the first one’s grid, and its image feature', async () => {
    const file = await write('conv.onnx', tinyConvolution());
    const input = { height: 32, width: 48 };
    const { backbone, taps, embedding } = await features(
      request(file, { taps: ['inner', 'coarse'], embedding: 'feature', input }),
    );
    expect(backbone.grid).toEqual({ height: 8, width: 12 });
    expect(backbone.channels).toEqual([4, 6]);
    expect(taps.map((t) => t.length)).toEqual([8 * 12 * 4, 8 * 12 * 6]);
    expect(embedding?.length).toBe(6);
    const alone = await features(request(file, { taps: ['coarse'], input }));
    expect(alone.backbone.grid).toEqual({ height: 4, width: 6 });
    // The image feature is the mean over the coarse tap, which is channels-last here.
    for (let c = 0; c < 6; c++) {
      let sum = 0;
      for (let p = 0; p < 24; p++) sum += alone.taps[0][p * 6 + c];
      expect(embedding?.[c]).toBeCloseTo(sum / 24, 4);
    }
  });

  it('without a tap of that name is refused with the names it has', async () => {
    const file = await write('conv.onnx', tinyConvolution());
    await expect(openBackbone(request(file, { taps: ['fin'] }))).rejects.toMatchObject({
      code: 'TAP_UNKNOWN',
      hint: expect.stringMatching(/^choose from: fine/) as string,
    });
    await expect(openBackbone(request(file))).rejects.toMatchObject({ code: 'TAP_UNKNOWN' });
    await expect(openBackbone(request(file, { taps: ['feature'] }))).rejects.toMatchObject({ code: 'TAP_UNKNOWN' });
    await expect(openBackbone(request(file, { taps: ['fine'], embedding: 'nope' }))).rejects.toMatchObject({
      code: 'TAP_UNKNOWN',
    });
  });

  it('of a vision transformer runs at another size, also where the picture is not square', async () => {
    const file = await write('vit.onnx', tinyVit({ scale: true, registers: 2 }));
    const { backbone, taps } = await features(request(file, { input: { height: 20, width: 32 } }));
    expect(backbone.grid).toEqual({ height: 5, width: 8 });
    expect(backbone.taps).toEqual(['0', '1', '2', '3']);
    expect(taps.every((t) => t.length === 5 * 8 * 8 && t.every(Number.isFinite))).toBe(true);
    await expect(openBackbone(request(file, { input: { height: 18, width: 20 } }))).rejects.toMatchObject({
      code: 'SETTING_INVALID',
    });
  });

  it('gives every tapped block of DINOv2 the final norm, and named tensors as they are', async () => {
    const file = await write('vit.onnx', tinyVit({ scale: true }));
    const normed = await features(request(file, { taps: ['1', '3'] }));
    const raw = await features(request(file, { taps: ['block1.out', 'last'] }));
    expect(normed.taps[1]).toEqual(raw.taps[1]);
    // A layer norm of the raw block with the weights of the last one: check one patch.
    const model = tinyVit({ scale: true });
    const parts = ['norm.w', 'norm.b'].map((n) => floatValues(model.graph.initializers.get(n) as OnnxTensor));
    const patch = raw.taps[0].subarray(0, 8);
    const mean = patch.reduce((a, b) => a + b) / 8;
    const deviation = Math.sqrt(patch.reduce((a, b) => a + (b - mean) ** 2, 0) / 8 + 1e-5);
    patch.forEach((v, c) =>
      expect(normed.taps[0][c]).toBeCloseTo(((v - mean) / deviation) * (parts[0]?.[c] ?? 0) + (parts[1]?.[c] ?? 0), 4),
    );
  });

  it('runs the same with its weights in a file beside it, at its own size and at another', async () => {
    const inline = await write('inline.onnx', tinyVit({ clip: true }));
    const model = tinyVit({ clip: true });
    await writeFile(path.join(folder, 'weights.bin'), external(model, 'weights.bin'));
    const outside = await write('outside.onnx', model);
    for (const input of [null, { height: 24, width: 24 }]) {
      const [a, b] = [await features(request(inline, { input })), await features(request(outside, { input }))];
      a.taps.forEach((t, i) => expect(largest(t, b.taps[i])).toBe(0));
    }
    expect((await readNetwork(outside)).external.map((e) => path.basename(e))).toEqual(['weights.bin']);
  });

  it('is another network once the weights beside it are others, though its own bytes stay', async () => {
    const opened = async (backbone: string, models?: string) => {
      const one = await openBackbone(request(backbone), { models });
      await one.close();
      return one.info.sha256;
    };
    const model = tinyVit({ clip: true });
    const weights = external(model, 'beside.bin');
    await writeFile(path.join(folder, 'beside.bin'), weights);
    const file = await write('beside.onnx', model);
    const before = await opened(file);
    const models = path.join(folder, 'installed');
    const { id } = await importBackbone(file, models, { taps: 'auto' });
    expect(await opened(id, models)).toBe(before);
    weights[0] ^= 1;
    const change = async (beside: string) => {
      await writeFile(beside, weights);
      await utimes(beside, new Date(), new Date(Date.now() + 2000)); // some disks count in seconds
    };
    await change(path.join(folder, 'beside.bin'));
    expect(await opened(file)).not.toBe(before);
    await expect(importBackbone(file, models, { taps: 'auto' })).rejects.toMatchObject({ code: 'USAGE' });
    await change(path.join(models, id, 'beside.bin'));
    await expect(opened(id, models)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  });

  it.each([
    ['data/w.bin', 'its weights lie in another folder than the model', 'export it again with its weights beside it'],
    [
      'poids,1.bin',
      'the name of its weights file cannot be kept',
      'export it again, or rename the file and its mention in the model: letters, digits, . _ - are fine',
    ],
  ])('with its weights in %s is not imported, and says why', async (location, message, hint) => {
    const model = tinyVit({ clip: true });
    const weights = path.join(folder, location);
    await mkdir(path.dirname(weights), { recursive: true });
    await writeFile(weights, external(model, location));
    const file = await write('elsewhere.onnx', model);
    const models = path.join(folder, 'not-imported');
    const refused = importBackbone(file, models, { taps: 'auto' });
    await expect(refused).rejects.toMatchObject({ code: 'BACKBONE_INVALID', message, where: weights, hint });
    await expect(readdir(models)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is told from itself with another image feature', async () => {
    const file = await write('features.onnx', tinyConvolution());
    const [a, b] = await Promise.all(
      [undefined, 'coarse'].map(async (embedding) => {
        const one = await openBackbone(request(file, { taps: ['fine'], embedding }));
        await one.close();
        return featureKey(one, { protocol: 'exact' });
      }),
    );
    expect(a).not.toEqual(b);
  });

  it.each([NaN, Infinity])('that gives %s is refused, with the output and the file', async (value) => {
    const model = tinyConvolution();
    const weights = noise(96, 2).fill(value, 0, 1);
    model.graph.initializers.set('w2', floatTensor('w2', [6, 4, 2, 2], weights));
    const file = await write(`gives-${value}.onnx`, model);
    const taps = ['fine', 'coarse'];
    await expect(openBackbone(request(file, { taps }))).rejects.toMatchObject({
      code: 'BACKBONE_INVALID',
      message: 'output coarse of the network has values that are not finite',
      where: file,
      hint: 'export it in float32, or get the file again',
    });
    await expect(importBackbone(file, path.join(folder, 'refused'), { taps })).rejects.toMatchObject({
      code: 'BACKBONE_INVALID',
    });
    await (await openBackbone(request(file, { taps: ['fine'] }))).close();
  });

  it('in float16 takes and gives float32', async () => {
    const model = tinyConvolution();
    for (const tensor of model.graph.initializers.values()) {
      const values = floatValues(tensor) ?? new Float32Array(0);
      tensor.dataType = 10;
      tensor.raw = new Uint8Array(Uint16Array.from(values, toHalf).buffer);
    }
    model.graph.inputs[0].elementType = 10;
    for (const output of model.graph.outputs) output.elementType = 10;
    const half = await write('half.onnx', model);
    const full = await write('conv.onnx', tinyConvolution());
    const more = { taps: ['fine', 'coarse'], input: { height: 32, width: 32 } };
    const [a, b] = [await features(request(half, more)), await features(request(full, more))];
    a.taps.forEach((t, i) => expect(largest(t, b.taps[i])).toBeLessThan(5e-3));
  });

  it('of OpenAI’s CLIP runs with exact GELU at another size in the reference protocol, and only there', async () => {
    const file = path.join(fixtures, 'clip_op14.onnx');
    const input = { height: 112, width: 112 };
    const pixels = await readNpy(path.join(fixtures, 'inputs/pixel_112.npy'));
    const truth = async (name: string) => (await readNpy(path.join(fixtures, 'clip_op14', name))).data;
    for (const [protocol, blocks, feature] of [
      ['reference', 'blocks_112_exact_gelu.npy', 'image_embeds_112_exact_gelu.npy'],
      ['exact', 'blocks_112.npy', 'image_embeds_112.npy'],
    ] as const) {
      const backbone = await openBackbone(request(file, { protocol, input, taps: ['0', '3'] }));
      const result = await backbone.run(Float32Array.from(pixels.data), 2);
      await backbone.close();
      const expected = await truth(blocks); // [4, 2, 65, 32], class token first
      const patches = (block: number) =>
        [0, 1].flatMap((n) => [...expected.subarray(((block * 2 + n) * 65 + 1) * 32, (block * 2 + n + 1) * 65 * 32)]);
      expect(largest(result.taps[0], patches(0))).toBeLessThan(1e-4);
      expect(largest(result.taps[1], patches(3))).toBeLessThan(1e-4);
      expect(largest(result.embedding ?? [], await truth(feature))).toBeLessThan(1e-4);
    }
  });
});

describe('exports of unusual shape', () => {
  it('with the sequence first give the same patches', async () => {
    const usual = await write('vit.onnx', tinyVit());
    const model = tinyVit();
    const perm = [{ name: 'perm', type: 7, ints: [1, 0, 2], rest: [] }];
    model.graph.nodes.push(makeNode('Transpose', ['block2.out'], ['turned'], perm));
    const turned = await write('turned.onnx', model);
    const pixels = noise(2 * 3 * 12 * 12, 5, 1);
    const both = await Promise.all(
      [request(usual, { taps: ['block2.out'] }), request(turned, { taps: ['turned'] })].map(async (asked) => {
        const backbone = await openBackbone(asked);
        const result = await backbone.run(pixels, 2);
        await backbone.close();
        return result.taps[0];
      }),
    );
    expect(largest(both[0], both[1])).toBe(0);
  });

  it('for a fixed number of pictures take any number', async () => {
    const free = await write('conv.onnx', tinyConvolution());
    const model = tinyConvolution();
    model.graph.inputs[0].shape = [2, 3, 16, 16];
    const fixed = await write('fixed.onnx', model);
    const pixels = noise(3 * 3 * 16 * 16, 6, 1);
    const both = await Promise.all(
      [free, fixed].map(async (file) => {
        const more = { taps: ['fine'], embedding: 'feature', input: { height: 16, width: 16 } };
        const backbone = await openBackbone(request(file, more));
        const result = await backbone.run(pixels, 3);
        await backbone.close();
        return { ...result, batch: backbone.batch };
      }),
    );
    expect(both[1].batch).toBe(2);
    expect(largest(both[0].taps[0], both[1].taps[0])).toBeLessThan(1e-6);
    expect(largest(both[0].embedding ?? [], both[1].embedding ?? [])).toBeLessThan(1e-6);
  });
});

describe('a hostile ONNX file', () => {
  it.each(['../secret', '/etc/passwd', 'a/../../secret', '..\\secret', 'C:\\secret', '', '\\\\host\\share', 'a\0b'])(
    'with its weights in %j is refused',
    async (location) => {
      const model = tinyConvolution();
      external(model, location);
      await expect(readNetwork(await write('escape.onnx', model))).rejects.toMatchObject({ code: 'BACKBONE_INVALID' });
    },
  );

  it('with its weights behind a link out of its folder is refused', async () => {
    const outside = path.join(await mkdtemp(path.join(os.tmpdir(), 'musc-outside-')), 'weights');
    const model = tinyConvolution();
    await writeFile(outside, external(model, 'link.bin'));
    await symlink(outside, path.join(folder, 'link.bin'));
    await expect(readNetwork(await write('linked.onnx', model))).rejects.toThrow(/link out of its folder/);
    await rm(path.dirname(outside), { recursive: true });
  });

  it('whose weights are missing or too short is refused', async () => {
    const model = tinyConvolution();
    const weights = external(model, 'short.bin');
    const file = await write('short.onnx', model);
    await expect(readNetwork(file)).rejects.toMatchObject({ code: 'BACKBONE_MISSING' });
    await writeFile(path.join(folder, 'short.bin'), weights.subarray(0, 100));
    await expect(readNetwork(file)).rejects.toThrow(/beyond the end/);
  });

  it('with operators of a foreign library is refused', async () => {
    const model = tinyConvolution();
    model.graph.nodes[1].domain = 'evil.corp';
    model.opsets.set('evil.corp', 1);
    await expect(openBackbone(request(await write('custom.onnx', model)))).rejects.toThrow(/foreign code/);
  });

  it.each<[string, string | Uint8Array]>([
    ['empty', ''],
    ['a text', 'not a model at all'],
    ['a picture', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16)],
  ])('that is %s is refused in one line', async (_, content) => {
    const file = path.join(folder, 'broken.onnx');
    await writeFile(file, content);
    await expect(openBackbone(request(file))).rejects.toMatchObject({ code: 'BACKBONE_INVALID', where: file });
  });

  it('that ONNX Runtime refuses says so', async () => {
    const model = tinyConvolution();
    model.graph.nodes[0].opType = 'NoSuchOperator';
    await expect(openBackbone(request(await write('unknown.onnx', model), { taps: ['fine'] }))).rejects.toMatchObject({
      code: 'BACKBONE_INVALID',
    });
  });
});

/** Nearest half-precision bits of a small normal number. */
function toHalf(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  if (exponent < -14) return 0;
  const fraction = Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
  return (value < 0 ? 0x8000 : 0) + ((exponent + 15) << 10) + fraction;
}
