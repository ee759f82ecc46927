import { parseNpy } from '../../../extension/core/array/npy';
import { encodeNpy } from '../../../extension/core/array/npy';
import { parseHeader } from '../../../extension/core/backbone/checkpoint/safetensors-header';
import { mutateBytes } from '../mutate-bytes';
import { mutateValue } from '../mutate-value';
import { encode, mustHold, type FuzzTarget } from '../target';

const arrays = [
  encodeNpy([2, 3], Float32Array.from([1, 2, 3, 4, 5, 6])),
  encodeNpy([4], Float64Array.from([1, 2, 3, 4])),
  encodeNpy([2, 1, 2], Int32Array.from([1, 2, 3, 4])),
  encodeNpy([0], new Uint8Array(0)),
  encodeNpy([16], new Uint8Array(16)),
];
const npyWords = [
  'True',
  'False',
  "'<f4'",
  "'<f8'",
  "'|O'",
  '(',
  ')',
  '9999999999',
  '-1',
  '1e9',
  'L',
  ', ',
  "'shape'",
  '__proto__',
];

const npy: FuzzTarget<Uint8Array> = {
  name: 'npy',
  codes: ['FILE_INVALID'],
  generate: (random) => mutateBytes(arrays, random, npyWords),
  run: (input) => {
    const { shape, data } = parseNpy(input);
    mustHold(data.length === shape.reduce((a, b) => a * b, 1), 'as many values as the shape says');
    mustHold(data.byteLength <= input.length, 'no value that is not in the file');
  },
};

const header = {
  __metadata__: { format: 'pt' },
  'blocks.0.weight': { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
  'blocks.0.bias': { dtype: 'F16', shape: [4], data_offsets: [24, 32] },
  scalar: { dtype: 'I64', shape: [], data_offsets: [32, 40] },
  empty: { dtype: 'BF16', shape: [0, 7], data_offsets: [40, 40] },
};
const texts = [encode(JSON.stringify(header)), encode('{}')];
const jsonWords = [
  '"__proto__":',
  '"constructor":',
  '[[[[[[[[',
  '9007199254740993',
  '-1',
  '1e400',
  'null',
  '\\u0000',
  '"F8_E4M3"',
  '"BOOL"',
];

const safetensors: FuzzTarget<Uint8Array> = {
  name: 'safetensors-header',
  codes: ['BACKBONE_INVALID'],
  generate: (random) =>
    random.chance(0.5)
      ? mutateBytes(texts, random, jsonWords)
      : encode(JSON.stringify(mutateValue(header, random)) ?? ''),
  run: (input) => {
    const data = 40;
    const { tensors, dataStart } = parseHeader(input, 8 + input.length + data, 'x');
    for (const { begin, end } of tensors.values())
      mustHold(
        begin >= 0 && begin <= end && dataStart + end <= 8 + input.length + data,
        'every tensor lies in the file',
      );
  },
};

export const dataTargets: readonly FuzzTarget[] = [npy, safetensors] as readonly FuzzTarget[];
