import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildBackbone } from '../../../extension/core/backbone/checkpoint/build-backbone';
import { Safetensors } from '../../../extension/core/backbone/checkpoint/safetensors';
import { writeRandomTensors } from '../../bench/random-checkpoint';

// DINOv3 as its published code has it, in plain float64 loops: nothing shared with the graphs under test.
const [WIDTH, HEADS, DEPTH, PATCH, REGISTERS, MLP] = [16, 2, 2, 4, 4, 24];
const GRID = { height: 2, width: 3 };
const HEAD = WIDTH / HEADS;

const shapes: [string, number[]][] = [
  ['embeddings.cls_token', [1, 1, WIDTH]],
  ['embeddings.mask_token', [1, 1, WIDTH]],
  ['embeddings.register_tokens', [1, REGISTERS, WIDTH]],
  ['embeddings.patch_embeddings.weight', [WIDTH, 3, PATCH, PATCH]],
  ['embeddings.patch_embeddings.bias', [WIDTH]],
  ['norm.weight', [WIDTH]],
  ['norm.bias', [WIDTH]],
];
for (let i = 0; i < DEPTH; i++) {
  const add = (name: string, ...shape: number[]) => shapes.push([`layer.${i}.${name}`, shape]);
  for (const norm of ['norm1', 'norm2']) for (const part of ['weight', 'bias']) add(`${norm}.${part}`, WIDTH);
  for (const role of ['q', 'k', 'v', 'o']) add(`attention.${role}_proj.weight`, WIDTH, WIDTH);
  for (const role of ['q', 'v', 'o']) add(`attention.${role}_proj.bias`, WIDTH);
  for (const n of [1, 2]) add(`layer_scale${n}.lambda1`, WIDTH);
  add('mlp.up_proj.weight', MLP, WIDTH);
  add('mlp.up_proj.bias', MLP);
  add('mlp.down_proj.weight', WIDTH, MLP);
  add('mlp.down_proj.bias', WIDTH);
}

type Vector = number[];
let weights: Map<string, Float32Array>;
let folder: string;
let checkpoint: string;
const w = (name: string): Float32Array => weights.get(name) ?? new Float32Array(0);

const linear = (x: Vector, name: string): Vector => {
  const matrix = w(`${name}.weight`);
  const bias = w(`${name}.bias`);
  return Array.from({ length: matrix.length / x.length }, (_, o) =>
    x.reduce((sum, value, i) => sum + value * matrix[o * x.length + i], bias[o] ?? 0),
  );
};
const norm = (x: Vector, name: string): Vector => {
  const mean = x.reduce((a, b) => a + b) / x.length;
  const variance = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
  return x.map((v, i) => ((v - mean) / Math.sqrt(variance + 1e-5)) * w(`${name}.weight`)[i] + w(`${name}.bias`)[i]);
};
/** Error function by its series; enough for |x| < 5. */
const erf = (x: number): number => {
  let [term, sum] = [x, x];
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
};

/** One head's query or key turned by the position of its patch; the first five tokens stay. */
function turn(head: Vector, token: number): Vector {
  const patch = token - 1 - REGISTERS;
  if (patch < 0) return head;
  const y = (2 * (Math.floor(patch / GRID.width) + 0.5)) / GRID.height - 1;
  const x = (2 * ((patch % GRID.width) + 0.5)) / GRID.width - 1;
  const angles = [y, x].flatMap((c) =>
    Array.from({ length: HEAD / 4 }, (_, k) => (2 * Math.PI * c) / 100 ** (k * (4 / HEAD))),
  );
  const half = HEAD / 2;
  return head.map((value, i) => {
    const angle = angles[i % half];
    return value * Math.cos(angle) + (i < half ? -head[i + half] : head[i - half]) * Math.sin(angle);
  });
}

function reference(pixels: Float32Array): Vector[][] {
  const [height, width] = [GRID.height * PATCH, GRID.width * PATCH];
  const patches = Array.from({ length: GRID.height * GRID.width }, (_, p) =>
    Array.from({ length: WIDTH }, (_unused, o) => {
      let sum = w('embeddings.patch_embeddings.bias')[o];
      for (let c = 0; c < 3; c++)
        for (let dy = 0; dy < PATCH; dy++)
          for (let dx = 0; dx < PATCH; dx++) {
            const y = Math.floor(p / GRID.width) * PATCH + dy;
            const x = (p % GRID.width) * PATCH + dx;
            const weight = w('embeddings.patch_embeddings.weight')[((o * 3 + c) * PATCH + dy) * PATCH + dx];
            sum += pixels[(c * height + y) * width + x] * weight;
          }
      return sum;
    }),
  );
  const rows = (data: Float32Array): Vector[] =>
    Array.from({ length: data.length / WIDTH }, (_, i) => [...data.subarray(i * WIDTH, (i + 1) * WIDTH)]);
  let tokens = [...rows(w('embeddings.cls_token')), ...rows(w('embeddings.register_tokens')), ...patches];
  const taps: Vector[][] = [];
  for (let i = 0; i < DEPTH; i++) {
    const at = `layer.${i}.`;
    const normed = tokens.map((t) => norm(t, `${at}norm1`));
    const [q, k, v] = ['q', 'k', 'v'].map((role) => normed.map((t) => linear(t, `${at}attention.${role}_proj`)));
    const mixed = tokens.map(() => new Array<number>(WIDTH).fill(0));
    for (let h = 0; h < HEADS; h++) {
      const part = (t: Vector) => t.slice(h * HEAD, (h + 1) * HEAD);
      const keys = k.map((t, token) => turn(part(t), token));
      for (const [token, query] of q.entries()) {
        const turned = turn(part(query), token);
        const scores = keys.map((key) =>
          Math.exp(key.reduce((s, value, j) => s + value * turned[j], 0) / Math.sqrt(HEAD)),
        );
        const total = scores.reduce((a, b) => a + b);
        scores.forEach((score, other) =>
          part(v[other]).forEach((value, j) => (mixed[token][h * HEAD + j] += (score / total) * value)),
        );
      }
    }
    const add = (to: Vector[], what: Vector[], scale: string) =>
      to.map((t, row) => t.map((value, c) => value + what[row][c] * w(`${at}${scale}.lambda1`)[c]));
    tokens = add(
      tokens,
      mixed.map((t) => linear(t, `${at}attention.o_proj`)),
      'layer_scale1',
    );
    const hidden = tokens.map((t) =>
      linear(norm(t, `${at}norm2`), `${at}mlp.up_proj`).map((x) => (x / 2) * (1 + erf(x / Math.SQRT2))),
    );
    tokens = add(
      tokens,
      hidden.map((t) => linear(t, `${at}mlp.down_proj`)),
      'layer_scale2',
    );
    taps.push(tokens.map((t) => norm(t, 'norm')));
  }
  return taps;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'musc-dinov3-'));
  checkpoint = path.join(folder, 'tiny.safetensors');
  await writeRandomTensors(checkpoint, shapes, 7);
  const file = await Safetensors.open(checkpoint);
  weights = new Map();
  for (const name of file.tensors.keys()) weights.set(name, await file.float32(name));
  await file.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(['cpu', 'plain'] as const)(
  'DINOv3 with its rotary positions gives what its published form says (%s)',
  async (flavour) => {
    const input = { height: GRID.height * PATCH, width: GRID.width * PATCH };
    const pixels = Float32Array.from({ length: 3 * input.height * input.width }, (_, i) => Math.sin(i * 1.3));
    const common = { checkpoint, input, taps: [0, 1], embedding: true, protocol: 'exact', outFolder: folder } as const;
    const built = await buildBackbone({ ...common, flavour, hints: { heads: HEADS } });
    expect(built).toMatchObject({ family: 'dinov3', grid: GRID, normaliseEmbedding: false });
    const session = await InferenceSession.create(built.file, { logSeverityLevel: 3 });
    const feed = new Tensor('float32', pixels, [1, 3, input.height, input.width]);
    const results = await session.run({ [built.inputName]: feed });
    const expected = reference(pixels);
    built.taps.forEach(({ name, block }) => {
      const patches = expected[block].slice(1 + REGISTERS).flat();
      const actual = results[name].data as Float32Array;
      expect(actual).toHaveLength(patches.length);
      patches.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 4));
    });
    const feature = results[built.embedding?.name ?? ''].data as Float32Array;
    expected[DEPTH - 1][0].forEach((value, i) => expect(feature[i]).toBeCloseTo(value, 4));
    await session.release();
  },
);
