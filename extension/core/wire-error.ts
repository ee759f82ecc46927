import { MuscError, toMuscError, type ErrorCode } from './errors';
import type { WireError } from '../protocol/engine';

/** An error as plain data for another process. */
export function toWire(error: unknown): WireError {
  const e = toMuscError(error);
  const cause = e.cause instanceof Error ? `\ncaused by ${e.cause.stack ?? e.cause.message}` : '';
  const { code, message, where, hint, options } = e;
  return { code, message, where, hint, options, stack: `${e.stack ?? ''}${cause}` };
}

/** The error that crossed, on this side again. */
export function fromWire({ code, message, where, hint, options }: WireError): MuscError {
  return new MuscError(code as ErrorCode, message, { where, hint, options });
}
