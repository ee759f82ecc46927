import { stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../errors';
import { fileSha256 } from '../file-sha256';

/** Checksums by path and by all that tells of a change: a run may open a file of gigabytes twice, to find its input size. */
const checksums = new Map<string, string>();

/** SHA-256 of a file as lower-case hex, read once while it does not change. Throws FILE_IO, CANCELLED. */
export async function rememberedSha256(file: string, signal?: AbortSignal): Promise<string> {
  const { size, mtimeMs, ctimeMs, ino } = await stat(file);
  const key = [file, size, mtimeMs, ctimeMs, ino].join('\0');
  const known = checksums.get(key) ?? (await fileSha256(file, signal));
  checksums.set(key, known);
  return known;
}

/** The same of a file that must still be the one that was `recorded`, if it was. Throws CHECKSUM_MISMATCH, too. */
export async function recordedSha256(
  file: string,
  recorded: string | null | undefined,
  signal?: AbortSignal,
): Promise<string> {
  const sha256 = await rememberedSha256(file, signal);
  if (recorded && recorded !== sha256)
    throw new MuscError('CHECKSUM_MISMATCH', l10n.t('the backbone file is not the one that was installed'), {
      where: file,
      hint: l10n.t('install it again'),
    });
  return sha256;
}
