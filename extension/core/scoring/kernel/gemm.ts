import { encodeGraph } from './onnx-graph';

/** G = A B^T: rows of A against rows of B. Batches of images are stacked rows of A, so that B is packed once for all of them. */
export const gemmGraph = (): Uint8Array =>
  encodeGraph({
    inputs: { A: ['rows', 'channels'], B: ['columns', 'channels'] },
    outputs: { G: ['rows', 'columns'] },
    nodes: [{ op: 'Gemm', inputs: ['A', 'B'], outputs: ['G'], attributes: { transB: 1 } }],
  });
