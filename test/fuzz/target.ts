import type { ErrorCode } from '../../extension/core/errors';
import type { Random } from './random';

/** One parser of ours and how to make inputs for it. */
export interface FuzzTarget<T = unknown> {
  readonly name: string;
  /** Error codes it may refuse with; anything else it throws is a finding. */
  readonly codes: readonly ErrorCode[];
  /** Bytes it may allocate beyond sixteen times its input: what a limit of ours allows on purpose. */
  readonly allowance?: number;
  /** Slow ones (files, native decoders) get fewer executions in the smoke run. */
  readonly slow?: boolean;
  generate(random: Random): T;
  /** Feeds the parser. Returns when it accepted, returns false or throws a MuscError when it refused, throws anything else when it is broken. */
  run(input: T): unknown;
}

/** Fails an execution: a parser accepted what it must not. */
export function mustHold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`broken promise: ${what}`);
}

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
export const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
