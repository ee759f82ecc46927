import { stat } from 'node:fs/promises';
import { fileSha256 } from '../file-sha256';

/** Checksums by path, size and time of change: a run may open a file of gigabytes twice, to find its input size. */
const checksums = new Map<string, string>();

/** SHA-256 of a file as lower-case hex, read once while it does not change. Throws FILE_IO, CANCELLED. */
export async function rememberedSha256(file: string, signal?: AbortSignal): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  const key = `${file}\0${size}\0${mtimeMs}`;
  const known = checksums.get(key) ?? (await fileSha256(file, signal));
  checksums.set(key, known);
  return known;
}
