import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { missingPart } from '../../extension/core/backbone/device/provider';
import { GraphPairKernel } from '../../extension/core/scoring/graph-pair-kernel';
import type { BenchRow } from './bench-row';
import { benchGpuBackbone } from './gpu-backbone';
import { checkGpuScoring } from './gpu-check';
import { notRun, type AddRow } from './gpu-row';
import { benchGpuBatches, benchGpuScoring } from './gpu-scoring';
import { FULL_SIZE, TINY_SIZE, type GpuSize } from './gpu-size';

/** To hold a whole run against. */
const PUBLISHED = 'the authors give 955 ms for 200 pictures on an RTX 3090';

/** Parts of the measurement, the most telling first. Each adds its rows as it comes to them; some give milliseconds a picture of a whole run. */
const PARTS: Readonly<Record<string, (size: GpuSize, add: AddRow) => Promise<number | void>>> = {
  check: checkGpuScoring,
  batches: benchGpuBatches,
  scoring: benchGpuScoring,
  backbone: benchGpuBackbone,
};

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
    notRun(add, 'graphics card', missing);
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
      notRun(add, part, error);
    }
  if (perPicture.length === 2)
    add({ name: 'backbone and scoring, a picture', value: perPicture[0] + perPicture[1], unit: 'ms', note: PUBLISHED });
  return rows;
}

/** Why WebGPU can't be measured here, or null. */
async function whyNot(): Promise<unknown> {
  const missing = missingPart('webgpu');
  if (missing !== null) return missing;
  try {
    const shape = { grid: { height: 2, width: 2 }, degrees: [1, 3], batch: 1 };
    await (await GraphPairKernel.create(shape, 'webgpu')).close();
    return null;
  } catch (error) {
    return error;
  }
}

/** ONNX Runtime for Node does not tell the card's name; NVIDIA's tool does. */
async function cardName(): Promise<string> {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const { stdout } = await promisify(execFile)('nvidia-smi', query).catch(() => ({ stdout: '' }));
  return stdout.trim() || 'name not known';
}
