import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { buildBackbone } from '../../extension/core/backbone/checkpoint/build-backbone';
import { encodeGraph } from '../../extension/core/backbone/checkpoint/encode-graph';
import { GraphBuilder } from '../../extension/core/backbone/checkpoint/graph-builder';
import { Safetensors } from '../../extension/core/backbone/checkpoint/safetensors';
import { describeVit } from '../../extension/core/backbone/checkpoint/vit-checkpoint';
import { writeVitGraph } from '../../extension/core/backbone/checkpoint/vit-graph';
import { addBias, plainOperators, type VitOperators } from '../../extension/core/backbone/checkpoint/vit-operators';
import { VitWeights, type Norm } from '../../extension/core/backbone/checkpoint/vit-weights';
import { WeightsFile } from '../../extension/core/backbone/checkpoint/weights-file';
import type { BenchRow } from './bench-row';
import { writeRandomCheckpoint, type VitSize } from './random-checkpoint';

interface Shape extends VitSize {
  readonly name: string;
  /** Side of the input, pixels. */
  readonly side: number;
  readonly rounds: number;
}

const SHAPES: readonly Shape[] = [
  {
    name: 'ViT-S/14 at 448',
    width: 384,
    depth: 12,
    patch: 14,
    grid: 37,
    mlpWidth: 1536,
    layerScale: true,
    side: 448,
    rounds: 9,
  },
  {
    name: 'ViT-B/16 at 512',
    width: 768,
    depth: 12,
    patch: 16,
    grid: 14,
    mlpWidth: 3072,
    layerScale: false,
    side: 512,
    rounds: 5,
  },
];

/**
 * Our graphs against a plain export of the same network, both in ONNX Runtime with one thread, one picture a run, in turns; random
 * weights. Milliseconds of CPU time, median: other work on the machine disturbs it far less than wall time.
 */
export async function benchBackbone(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const shape of SHAPES) rows.push(...(await benchShape(shape)));
  return rows;
}

async function benchShape(shape: Shape): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'musc-bench-'));
  try {
    const checkpoint = path.join(folder, 'random.safetensors');
    await writeRandomCheckpoint(checkpoint, shape);
    const started = performance.now();
    const input = { height: shape.side, width: shape.side };
    const common = { checkpoint, input, taps: 'auto', embedding: true, protocol: 'exact', flavour: 'cpu' } as const;
    const ours = (await buildBackbone({ ...common, outFolder: path.join(folder, 'ours') })).file;
    const building = (performance.now() - started) / 1000;
    const times = await race([ours, await exportLike(checkpoint, shape, path.join(folder, 'export'))], shape);
    const [own, exported] = times;
    const row = (name: string, value: number): BenchRow => ({
      group: `Backbone ${shape.name}`,
      name,
      value,
      unit: 'ms',
    });
    return [
      { ...row('our graph', own), ratioTo: 'plain export', ratio: own / exported },
      row('plain export', exported),
      { ...row('building the graph', building), unit: 's' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Median CPU milliseconds of each graph, run in turns after one warm-up. */
async function race(files: readonly string[], { side, rounds }: Shape): Promise<number[]> {
  const options = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  } as const;
  const sessions = await Promise.all(files.map((file) => InferenceSession.create(file, options)));
  const pixels = Float32Array.from({ length: 3 * side * side }, (_, i) => Math.sin(i * 12.9898));
  const times: number[][] = files.map(() => []);
  for (let round = -1; round < rounds; round++)
    for (const [i, session] of sessions.entries()) {
      const before = process.cpuUsage();
      await session.run({ pixel_values: new Tensor('float32', pixels, [1, 3, side, side]) });
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times[i].push((user + system) / 1000);
    }
  await Promise.all(sessions.map((session) => session.release()));
  return times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
}

/** The network as PyTorch's exporter writes it: every block, LayerNorm and attention in their pieces, GELU by Erf. */
async function exportLike(checkpoint: string, shape: Shape, folder: string): Promise<string> {
  await mkdir(folder);
  const file = await Safetensors.open(checkpoint);
  try {
    const vit = describeVit(file.tensors, checkpoint);
    const sink = await WeightsFile.create(path.join(folder, 'weights.bin'));
    const graph = new GraphBuilder('float32', sink);
    const grid = { height: shape.side / shape.patch, width: shape.side / shape.patch };
    const plan = {
      grid,
      taps: [2, 5, 8, 11],
      embedding: true,
      activation: 'gelu',
      tokens: 'all',
      tapForm: 'family',
    } as const;
    await writeVitGraph(new VitWeights(file, vit), plan, graph, exporterOperators(graph));
    await sink.finish();
    const model = path.join(folder, 'model.onnx');
    await writeFile(model, encodeGraph(graph, 'weights.bin'));
    return model;
  } finally {
    await file.close();
  }
}

function exporterOperators(g: GraphBuilder): VitOperators {
  const layerNorm = async (x: string, name: string, { gamma, beta }: Norm, epsilon: number): Promise<string> => {
    const mean = (of: string): string => g.node('ReduceMean', [of], { axes: [-1] });
    const centred = g.node('Sub', [x, mean(x)]);
    const variance = mean(g.node('Pow', [centred, await g.scalar(2)]));
    const deviation = g.node('Sqrt', [g.node('Add', [variance, await g.scalar(epsilon)])]);
    const scaled = g.node('Mul', [
      g.node('Div', [centred, deviation]),
      await g.weight(`${name}.weight`, [gamma.length], gamma),
    ]);
    return g.node('Add', [scaled, await g.weight(`${name}.bias`, [beta.length], beta)]);
  };
  return {
    ...plainOperators(g),
    layerNorm,
    async addAndNorm(x, y, bias, name, norm, epsilon) {
      const sum = g.node('Add', [x, await addBias(g, y, name, bias)]);
      return { sum, normed: await layerNorm(sum, `${name}.norm`, norm, epsilon) };
    },
  };
}
