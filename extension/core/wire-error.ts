import { MuscError, toMuscError, type ErrorCode } from './errors';
import type { WireError } from '../protocol/engine';

/** An error as plain data for another process. */
export function toWire(error: unknown): WireError {
  const e = toMuscError(error);
  const cause = e.cause instanceof Error ? `\ncaused by ${e.cause.stack ?? e.cause.message}` : '';
  return { code: e.code, message: e.message, where: e.where, hint: e.hint, stack: `${e.stack ?? ''}${cause}` };
}

/** The error that crossed, on this side again. */
export function fromWire(wire: WireError): MuscError {
  return new MuscError(wire.code as ErrorCode, wire.message, { where: wire.where, hint: wire.hint });
}
