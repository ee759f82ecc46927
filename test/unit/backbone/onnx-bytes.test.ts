import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../../extension/core/backbone/onnx/decode';
import { encodeModel } from '../../../extension/core/backbone/onnx/encode';
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from '../../../extension/core/backbone/onnx/model';
import { floatTensor, floatValues, intTensor, intValues } from '../../../extension/core/backbone/onnx/tensor';
import { Budget, fields, Message } from '../../../extension/core/backbone/onnx/wire';
import { MuscError } from '../../../extension/core/errors';
import { tinyConvolution, tinyVit } from './tiny-network';

const text = fc.string({ maxLength: 12 }).map((s) => new TextDecoder().decode(new TextEncoder().encode(s)));
/** Fields we do not look into: of a number no message of ours uses. */
const rest = fc.array(
  fc.oneof(
    fc.integer({ min: 0 }).map((v) => new Message().varint(900, v).finish()),
    fc.uint8Array({ maxLength: 20 }).map((v) => new Message().bytes(901, v).finish()),
    fc.float({ noNaN: true }).map((v) => new Message().float(902, v).finish()),
  ),
  { maxLength: 3 },
);
const tensor: fc.Arbitrary<OnnxTensor> = fc.record({
  name: text,
  dims: fc.array(fc.nat(1000), { maxLength: 4 }),
  dataType: fc.nat(20),
  raw: fc.option(fc.uint8Array({ maxLength: 32 })),
  external: fc.option(
    fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }).map((d) => new Map(Object.entries(d))),
  ),
  rest,
});
const info: fc.Arbitrary<OnnxValueInfo> = fc.record({
  name: text,
  elementType: fc.integer({ min: 1, max: 20 }),
  shape: fc.option(fc.array(fc.oneof(fc.nat(), text, fc.constant(null)), { maxLength: 4 })),
  rest,
});
const attribute = fc.record(
  {
    name: text,
    type: fc.nat(14),
    f: fc.float({ noNaN: true }),
    i: fc.maxSafeInteger(),
    s: fc.uint8Array({ maxLength: 8 }),
    t: tensor,
    ints: fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 4 }),
    rest,
  },
  { requiredKeys: ['name', 'type', 'rest'] },
);
const node: fc.Arbitrary<OnnxNode> = fc.record({
  name: text,
  opType: text,
  domain: text.filter((d) => d !== 'ai.onnx'),
  inputs: fc.array(text, { maxLength: 3 }),
  outputs: fc.array(text, { maxLength: 3 }),
  attributes: fc.array(attribute, { maxLength: 3 }),
  rest,
});
const anyModel: fc.Arbitrary<OnnxModel> = fc.record({
  irVersion: fc.nat(20),
  producer: text,
  opsets: fc
    .array(
      fc.tuple(
        text.filter((d) => d !== 'ai.onnx'),
        fc.nat(30),
      ),
      { maxLength: 3 },
    )
    .map((o) => new Map(o)),
  functionDomains: fc.constant(new Set<string>()),
  rest,
  graph: fc.record({
    name: text,
    nodes: fc.array(node, { minLength: 1, maxLength: 4 }),
    initializers: fc.array(tensor, { maxLength: 3 }).map((ts) => new Map(ts.map((t) => [t.name, t]))),
    inputs: fc.array(info, { maxLength: 2 }),
    outputs: fc.array(info, { maxLength: 2 }),
    valueInfo: fc.array(info, { maxLength: 2 }),
    rest,
  }),
});

/** Decodes whatever it is given; anything but our own refusal is a failure. */
function decodeOrRefuse(bytes: Uint8Array): void {
  try {
    decodeModel(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(MuscError);
    expect((error as MuscError).code).toBe('BACKBONE_INVALID');
  }
}

describe('ONNX bytes', () => {
  it('decode to what was encoded, with every field that is not looked into', () => {
    fc.assert(
      fc.property(anyModel, (model) => {
        expect(decodeModel(encodeModel(model))).toEqual(model);
      }),
      { numRuns: 300 },
    );
  });

  it('come back the same from a second round', () => {
    for (const model of [tinyConvolution(), tinyVit({ clip: true })]) {
      const once = encodeModel(model);
      expect(Buffer.compare(encodeModel(decodeModel(once)), once)).toBe(0);
    }
  });

  it('are refused, never misread, when truncated at any byte', () => {
    const bytes = encodeModel(tinyConvolution());
    for (let length = 0; length < bytes.length; length += 7) decodeOrRefuse(bytes.subarray(0, length));
  });

  it('are refused or read when bytes of a real export are changed', async () => {
    const file = new URL('../../fixtures/golden/onnx/dinov2_op17_dynpos.onnx', import.meta.url);
    const head = new Uint8Array((await readFile(file)).subarray(0, 6000));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(head.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
        const bytes = Uint8Array.from(head);
        for (const [at, byte] of changes) bytes[at] = byte;
        decodeOrRefuse(bytes);
      }),
      { numRuns: 200 },
    );
  });

  it('of any kind are refused or read', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), decodeOrRefuse), { numRuns: 1000 });
  });

  it('nest no deeper than real exports do', () => {
    let graph = new Message().message(1, new Message().string(4, 'If'));
    for (let depth = 0; depth < 40; depth++)
      graph = new Message().message(1, new Message().string(4, 'If').message(5, new Message().message(6, graph)));
    expect(() => decodeModel(new Message().message(7, graph).finish())).toThrow(/nested too deep/);
  });

  it('hold numbers of 64 bits in one piece', () => {
    const values = [0n, 1n, 127n, 128n, 2n ** 62n, -1n, -(2n ** 63n)];
    const bytes = values.reduce((m, v) => m.varint(1, v), new Message()).finish();
    expect([...fields(bytes, new Budget())].map((f) => f.value)).toEqual(values);
  });
});

describe('tensor values', () => {
  it('are read from raw data', () => {
    const floats = Float32Array.of(1, -2.5, 1e-8, 3);
    expect(floatValues(floatTensor('t', [2, 2], floats))).toEqual(floats);
    expect(intValues(intTensor('i', [3], [1, -1, 2 ** 40]))).toEqual([1, -1, 2 ** 40]);
  });

  it('are read from typed fields', () => {
    const packed = new Message().bytes(4, new Uint8Array(Float32Array.of(1, 2, 3).buffer)).finish();
    const one = { name: 't', dataType: 1, dims: [3], raw: null, external: null };
    expect(floatValues({ ...one, rest: [packed] })).toEqual(Float32Array.of(1, 2, 3));
    const single = [1, 2, 3].map((v) => new Message().float(4, v).finish());
    expect(floatValues({ ...one, rest: single })).toEqual(Float32Array.of(1, 2, 3));
  });

  it('of half precision become floats', () => {
    const raw = new Uint8Array(Uint16Array.of(0x3c00, 0xc100, 0x0001, 0x7bff, 0x8000).buffer);
    const half = { name: 't', dataType: 10, dims: [5], raw, external: null, rest: [] };
    expect(floatValues(half)).toEqual(Float32Array.of(1, -2.5, 2 ** -24, 65504, -0));
  });

  it('are refused when their number does not fit the shape', () => {
    expect(() => floatValues(floatTensor('t', [5], new Float32Array(4)))).toThrow(/16 bytes where 20 belong/);
  });
});
