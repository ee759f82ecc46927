import * as l10n from '@vscode/l10n';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { MuscError } from '../../errors';

/** One field of a protobuf message. Length-delimited values are views into the message, not copies. */
export type WireField =
  | { readonly no: number; readonly kind: 'varint'; readonly value: bigint; readonly raw: Uint8Array }
  | { readonly no: number; readonly kind: 'bytes'; readonly value: Uint8Array; readonly raw: Uint8Array }
  | { readonly no: number; readonly kind: 'fixed32'; readonly value: number; readonly raw: Uint8Array }
  | { readonly no: number; readonly kind: 'fixed64'; readonly value: number; readonly raw: Uint8Array };

export const malformed = (what: string, where?: string, cause?: unknown): MuscError =>
  new MuscError('BACKBONE_INVALID', l10n.t('not a valid ONNX file: {0}', what), {
    where,
    hint: l10n.t('export the network again'),
    cause,
  });

/** Fields read from one file; a hostile file of empty messages would otherwise fill the memory. */
const MAX_FIELDS = 3_000_000; // a ViT-L export has about 50,000

/** Counts what a file makes us allocate. */
export class Budget {
  #left = MAX_FIELDS;
  spend(): void {
    if (--this.#left < 0) throw malformed(l10n.t('far too many fields'));
  }
}

/** The fields of a message in order; every field keeps its raw bytes so that unknown ones can be written back. */
export function* fields(message: Uint8Array, budget: Budget): Generator<WireField> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    budget.spend();
    const start = reader.pos;
    let field: WireField;
    try {
      const [no, wire] = reader.tag();
      switch (wire) {
        case WireType.Varint: {
          const value = BigInt(reader.int64());
          field = { no, kind: 'varint', value, raw: message.subarray(start, reader.pos) };
          break;
        }
        case WireType.LengthDelimited: {
          const value = reader.bytes();
          field = { no, kind: 'bytes', value, raw: message.subarray(start, reader.pos) };
          break;
        }
        case WireType.Bit32: {
          const value = reader.float();
          field = { no, kind: 'fixed32', value, raw: message.subarray(start, reader.pos) };
          break;
        }
        case WireType.Bit64: {
          const value = reader.double();
          field = { no, kind: 'fixed64', value, raw: message.subarray(start, reader.pos) };
          break;
        }
        default:
          throw malformed(l10n.t('wire type {0}', wire));
      }
    } catch (error) {
      if (error instanceof MuscError) throw error;
      throw malformed(l10n.t('truncated or garbled'), undefined, error);
    }
    yield field;
  }
}

/** Packed varints as signed 64-bit numbers. */
export function* varints(packed: Uint8Array, budget: Budget): Generator<number> {
  let value = 0n;
  let shift = 0n;
  for (const byte of packed) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte > 127) {
      if (shift > 63n) throw malformed(l10n.t('an endless number'));
      continue;
    }
    budget.spend();
    yield Number(BigInt.asIntN(64, value));
    value = 0n;
    shift = 0n;
  }
  if (shift !== 0n) throw malformed(l10n.t('truncated numbers'));
}

/** A message being written: pieces that are joined once, so that gigabytes of weights are copied once only. */
export class Message {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    return this;
  }

  varint(no: number, value: number | bigint): this {
    return this.#tag(no, WireType.Varint).#number(BigInt(value));
  }

  float(no: number, value: number): this {
    return this.#tag(no, WireType.Bit32).raw(new Uint8Array(Float32Array.of(value).buffer));
  }

  bytes(no: number, value: Uint8Array): this {
    return this.#tag(no, WireType.LengthDelimited).#number(BigInt(value.length)).raw(value);
  }

  string(no: number, value: string): this {
    return this.bytes(no, new TextEncoder().encode(value));
  }

  message(no: number, value: Message): this {
    this.#tag(no, WireType.LengthDelimited).#number(BigInt(value.#size));
    for (const part of value.#parts) this.raw(part);
    return this;
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #tag(no: number, wire: WireType): this {
    return this.#number(BigInt(no * 8 + wire));
  }

  #number(value: bigint): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.raw(Uint8Array.from(bytes));
  }
}
