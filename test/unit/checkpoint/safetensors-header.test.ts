import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DTYPE_BYTES, type Dtype } from '../../../extension/core/backbone/checkpoint/dtype';
import { parseHeader } from '../../../extension/core/backbone/checkpoint/safetensors-header';
import { MuscError } from '../../../extension/core/errors';

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
type Tensor = { dtype: string; shape: number[]; data_offsets: [number, number] };

/** A sound header of tensors laid end to end, with the number of data bytes. */
const sound = fc
  .array(
    fc.record({
      dtype: fc.constantFrom(...(Object.keys(DTYPE_BYTES) as Dtype[])),
      shape: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((list) => {
    let at = 0;
    const tensors: Record<string, Tensor> = {};
    list.forEach(({ dtype, shape }, i) => {
      const bytes = shape.reduce((a, b) => a * b, DTYPE_BYTES[dtype]);
      tensors[`t${i}`] = { dtype, shape, data_offsets: [at, at + bytes] };
      at += bytes;
    });
    return { tensors, bytes: at };
  });

const parse = (header: unknown, dataBytes: number) => {
  const json = encode(header);
  return parseHeader(json, 8 + json.length + dataBytes, 'file');
};

describe('a sound header', () => {
  it('is read whatever the order of its keys', () => {
    fc.assert(
      fc.property(sound, fc.boolean(), ({ tensors, bytes }, reversed) => {
        const entries = Object.entries(tensors);
        const header = parse(Object.fromEntries(reversed ? entries.reverse() : entries), bytes);
        for (const [name, { dtype, shape, data_offsets }] of entries)
          expect(header.tensors.get(name)).toEqual({ dtype, shape, begin: data_offsets[0], end: data_offsets[1] });
      }),
    );
  });

  it('may have metadata, padding and names of any kind', () => {
    const json = new TextEncoder().encode(
      `{"__proto__":{"dtype":"U8","shape":[],"data_offsets":[0,1]}, "__metadata__":{"a":"b"}}   `,
    );
    const header = parseHeader(json, 8 + json.length + 1, 'file');
    expect([...header.tensors.keys()]).toEqual(['__proto__']);
    expect(header.metadata).toEqual({ a: 'b' });
  });
});

describe('a damaged header', () => {
  const refused = (header: unknown, bytes: number) => {
    try {
      parse(header, bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(MuscError);
      expect((error as MuscError).code).toBe('BACKBONE_INVALID');
      return (error as MuscError).message;
    }
    throw new Error('it was accepted');
  };

  it('is refused when data are missing or left over', () => {
    fc.assert(
      fc.property(sound, fc.integer({ min: 1, max: 40 }), fc.boolean(), ({ tensors, bytes }, by, missing) => {
        fc.pre(!missing || bytes >= by);
        refused(tensors, missing ? bytes - by : bytes + by);
      }),
    );
  });

  it('is refused when a tensor that is not empty moves', () => {
    fc.assert(
      fc.property(sound, fc.nat(), fc.integer({ min: -8, max: 8 }), ({ tensors, bytes }, pick, by) => {
        const filled = Object.values(tensors).filter((t) => t.data_offsets[1] > t.data_offsets[0]);
        fc.pre(filled.length > 0 && by !== 0);
        const moved = filled[pick % filled.length];
        moved.data_offsets = [moved.data_offsets[0] + by, moved.data_offsets[1] + by];
        refused(tensors, bytes);
      }),
    );
  });

  it('never reads anything but a result or a refusal out of any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(1000), (value, bytes) => {
        try {
          parse(value, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MuscError);
        }
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (json) => {
        expect(() => parseHeader(json, 8 + json.length, 'file')).toThrow(MuscError);
      }),
    );
  });

  it.each([
    ['an unknown type', { a: { dtype: 'F12', shape: [1], data_offsets: [0, 4] } }, 'F12'],
    ['a negative shape', { a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, 'malformed'],
    ['a shape beyond all numbers', { a: { dtype: 'F32', shape: [2 ** 52, 2 ** 52], data_offsets: [0, 4] } }, 'needs'],
    ['offsets the wrong way round', { a: { dtype: 'F32', shape: [1], data_offsets: [4, 0] } }, 'before it begins'],
    ['a size that is not the shape', { a: { dtype: 'F16', shape: [1], data_offsets: [0, 4] } }, 'spans 4'],
    ['metadata of numbers', { __metadata__: { a: 1 } }, '__metadata__'],
  ])('with %s says so', (_, header, word) => {
    expect(refused(header, 4)).toContain(word);
  });
});
