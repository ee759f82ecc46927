// The bare matrix product, one thread per worker: the floor of the scoring kernel.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { parentPort, workerData } from 'node:worker_threads';
import { gemmGraph } from '../../extension/core/scoring/kernel/gemm';
import { randomFloats } from '../unit/scoring/random';

interface Work {
  readonly patches: number;
  readonly channels: number;
  readonly batch: number;
}
const { patches, channels, batch } = workerData as Work;
const images = 4;
const size = patches * channels;
const features = randomFloats(images * batch * size, 1);
const gram = new Tensor('float32', new Float32Array(batch * patches * patches), [batch * patches, patches]);
const session = await InferenceSession.create(gemmGraph(), { intraOpNumThreads: 1, interOpNumThreads: 1 });

parentPort?.on('message', (products: number) => {
  void (async () => {
    for (let i = 0; i < products; i++) {
      const rows = (i % images) * batch * size;
      const column = ((i * 7 + 3) % (images * batch)) * size;
      await session.run(
        {
          A: new Tensor('float32', features.subarray(rows, rows + batch * size), [batch * patches, channels]),
          B: new Tensor('float32', features.subarray(column, column + size), [patches, channels]),
        },
        { G: gram },
      );
    }
    parentPort?.postMessage('done');
  })();
});
parentPort?.postMessage('ready');
