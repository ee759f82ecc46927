import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { missingPart } from '../../extension/core/backbone/device/provider';
import { GraphPairKernel } from '../../extension/core/scoring/graph-pair-kernel';
import type { BenchRow } from './bench-row';
import { benchGpuBackbone } from './gpu-backbone';
import { checkGpuScoring } from './gpu-check';
import { benchGpuBatches, benchGpuScoring } from './gpu-scoring';
import { FULL_SIZE, TINY_SIZE, type GpuSize } from './gpu-size';

/** For 200 pictures at these sizes (paper, table of times). */
const PUBLISHED = 'the authors give 955 ms on an RTX 3090, 200 pictures';

/** Parts of the measurement, the most telling first. Each adds its rows as it comes to them; some give milliseconds a picture of a whole run. */
const PARTS: Readonly<Record<string, (size: GpuSize, add: AddRow) => Promise<number | void>>> = {
  check: checkGpuScoring,
  batches: benchGpuBatches,
  scoring: benchGpuScoring,
  backbone: benchGpuBackbone,
};

/** Takes a figure at once, so that a driver that dies later does not take it along. */
export type AddRow = (row: Omit<BenchRow, 'group'>) => void;

/**
 * Mutual scoring and the backbone on a graphics card through WebGPU, at the sizes of ViT-L/14 at 518 pixels, random features and weights:
 * whether the numbers are the CPU's, and how long it takes. MUSC_GPU_PARTS: names, comma separated; MUSC_GPU_SIZE=tiny: for drivers that
 * imitate a card. Where there is no card, one row says so.
 */
export async function benchGpu(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const add: AddRow = (row) => {
    rows.push({ group: 'gpu', ...row });
    console.error(`${row.name}: ${row.value.toPrecision(4)} ${row.unit} ${row.note ?? ''}`);
  };
  const missing = await whyNot();
  if (missing !== null) {
    add({ name: 'not run', value: 0, unit: 'parts', note: missing });
    return rows;
  }
  const size = process.env.MUSC_GPU_SIZE === 'tiny' ? TINY_SIZE : FULL_SIZE;
  const parts = process.env.MUSC_GPU_PARTS?.split(',') ?? Object.keys(PARTS);
  add({ name: 'graphics card', value: parts.length, unit: 'parts', note: await cardName() });
  const perPicture: number[] = [];
  for (const part of parts)
    try {
      const milliseconds = await PARTS[part](size, add);
      if (milliseconds !== undefined) perPicture.push(milliseconds);
    } catch (error) {
      add({ name: `${part} failed`, value: 0, unit: 'parts', note: explain(error) });
    }
  if (perPicture.length === 2)
    add({ name: `backbone and scoring, a picture`, value: perPicture[0] + perPicture[1], unit: 'ms', note: PUBLISHED });
  return rows;
}

/** Why WebGPU can't be measured here, or null. */
async function whyNot(): Promise<string | null> {
  const missing = missingPart('webgpu');
  if (missing !== null) return missing;
  try {
    const shape = { grid: { height: 2, width: 2 }, degrees: [1, 3], batch: 1 };
    await (await GraphPairKernel.create(shape, 'webgpu')).close();
    return null;
  } catch (error) {
    return explain(error);
  }
}

/** An error's message with those of its causes. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${explain(error.cause)}`;
}

/** ONNX Runtime for Node does not tell the card's name; NVIDIA's tool does. */
async function cardName(): Promise<string> {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const { stdout } = await promisify(execFile)('nvidia-smi', query).catch(() => ({ stdout: '' }));
  return stdout.trim() || 'name not known';
}
