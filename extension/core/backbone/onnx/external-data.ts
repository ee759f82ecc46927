import { open } from 'node:fs/promises';
import path from 'node:path';
import type { OnnxModel, OnnxTensor } from './model';
import { elements } from './tensor';

/** Readers of a position table; weights are read by MatMul, Gemm and Conv. */
const LOOKUPS = new Set(['Add', 'Gather', 'Resize', 'Slice', 'Concat', 'Unsqueeze', 'Reshape', 'Identity', 'Cast']);
const MAX_TABLE = 32 << 20; // bytes: ten times the table of the largest public ViT

/**
 * Brings position tables that lie in a file beside the model into the model, so that they can be resized.
 * The model's external data must have been checked (`externalFiles`).
 */
export async function inlineTables(model: OnnxModel, file: string): Promise<void> {
  const read = new Set(model.graph.nodes.filter((n) => LOOKUPS.has(n.opType)).flatMap((n) => n.inputs));
  for (const tensor of model.graph.initializers.values()) {
    const small = elements(tensor) * 8 <= MAX_TABLE;
    if (tensor.external && read.has(tensor.name) && tensor.dims.length >= 2 && small) await inline(tensor, file);
  }
}

async function inline(tensor: OnnxTensor, file: string): Promise<void> {
  const entry = tensor.external;
  if (!entry) return;
  const length = Number(entry.get('length') ?? 0);
  const offset = Number(entry.get('offset') ?? 0);
  if (length > MAX_TABLE) return;
  const handle = await open(path.join(path.dirname(file), ...(entry.get('location') ?? '').split(/[\\/]/)));
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await handle.read(bytes, 0, length, offset);
    if (bytesRead !== length) return; // payload checks will say it
    tensor.raw = bytes;
    tensor.external = null;
  } finally {
    await handle.close();
  }
}
