import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { toMuscError } from './errors';

/** SHA-256 of a file as lower-case hex, read as a stream. Throws FILE_IO, CANCELLED. */
export async function fileSha256(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file, { signal, highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  } catch (error) {
    throw toMuscError(error, file);
  }
  return hash.digest('hex');
}
