import { encodeGraph, FLOAT16 } from './onnx-graph';

/** What features are stored as on a device. Sums are float32 in any case. */
export type Storage = 'float32' | 'float16';

/** X [rows, channels] float32 to Y in the form it is stored in: run where Y shall lie. */
export const storeGraph = (storage: Storage): Uint8Array =>
  encodeGraph({
    inputs: { X: ['rows', 'channels'] },
    outputs: { Y: ['rows', 'channels'] },
    halves: storage === 'float16' ? ['Y'] : [],
    nodes: [
      storage === 'float16'
        ? { op: 'Cast', inputs: ['X'], outputs: ['Y'], attributes: { to: FLOAT16 } }
        : { op: 'Concat', inputs: ['X'], outputs: ['Y'], attributes: { axis: 0 } }, // of one: a copy
    ],
  });
