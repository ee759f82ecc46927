import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileSha256 } from '../../file-sha256';
import type { OnnxDim, OnnxValueInfo } from './model';
import { readNetwork } from './network';
import { allGraphs } from './validate';

/** A tensor as the file declares it. */
export interface DeclaredTensor {
  readonly name: string;
  readonly shape: readonly OnnxDim[] | null;
}

/** What an ONNX file is, for the question before its first load: nothing in it has run. */
export interface OnnxDescription {
  readonly sha256: string;
  /** Of the file and the weights beside it. */
  readonly bytes: number;
  /** Names of files beside it that hold weights; all of them within its folder. */
  readonly weights: readonly string[];
  readonly producer: string;
  readonly opset: number;
  /** How often each operator is used, most used first; operators of other domains as `domain.Operator`. */
  readonly operators: readonly (readonly [string, number])[];
  readonly inputs: readonly DeclaredTensor[];
  readonly outputs: readonly DeclaredTensor[];
  /** Number of transformer blocks where the form is a stock vision transformer's, else null. */
  readonly blocks: number | null;
}

const declared = (info: OnnxValueInfo): DeclaredTensor => ({ name: info.name, shape: info.shape });

/**
 * Reads an ONNX file without running it. Throws BACKBONE_INVALID (malformed, foreign operators, weights outside its
 * folder), BACKBONE_MISSING, FILE_IO, CANCELLED.
 */
export async function describeOnnx(file: string, signal?: AbortSignal): Promise<OnnxDescription> {
  const { model, external, form } = await readNetwork(file);
  const counts = new Map<string, number>();
  for (const graph of allGraphs(model.graph))
    for (const { domain, opType } of graph.nodes) {
      const name = domain === '' ? opType : `${domain}.${opType}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  let { size: bytes } = await stat(file);
  for (const other of external) bytes += (await stat(other)).size;
  return {
    sha256: await fileSha256(file, signal),
    bytes,
    weights: external.map((e) => path.basename(e)),
    producer: model.producer,
    opset: model.opsets.get('') ?? 0,
    operators: [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)),
    inputs: model.graph.inputs.filter((i) => !model.graph.initializers.has(i.name)).map(declared),
    outputs: model.graph.outputs.map(declared),
    blocks: form?.blocks.length ?? null,
  };
}
