import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { throwIfAborted, type MuscError } from '../errors';
import { fileSha256 } from '../file-sha256';
import { listBackbones, type KnownBackbone } from './registry';

/** One backbone on this machine held against its recorded checksum. */
export interface Verification {
  readonly id: string;
  readonly ok: boolean;
  /** What was found, for people. */
  readonly detail: string;
}

/** Checks one backbone. Throws FILE_IO, CANCELLED. */
export async function verifyBackbone({ entry, file }: KnownBackbone, signal?: AbortSignal): Promise<Verification> {
  const { id, source } = entry;
  if (file === null) return { id, ok: false, detail: l10n.t('{0} is missing', source.file) };
  const beside = source.kind === 'imported' ? source.beside : [];
  const parts = [{ path: file, sha256: source.sha256, bytes: source.bytes }].concat(
    beside.map((b) => ({ path: path.join(path.dirname(file), b.file), sha256: b.sha256, bytes: b.bytes })),
  );
  for (const part of parts) {
    const name = path.basename(part.path);
    if (!existsSync(part.path)) return { id, ok: false, detail: l10n.t('{0} is missing', name) };
    const { size } = await stat(part.path);
    if (part.bytes !== null && size !== part.bytes)
      return { id, ok: false, detail: l10n.t('{0} has {1} bytes, not {2}', name, size, part.bytes) };
    if (part.sha256 === null) return { id, ok: false, detail: l10n.t('no checksum of {0} was recorded', name) };
    if ((await fileSha256(part.path, signal)) !== part.sha256)
      return { id, ok: false, detail: l10n.t('{0} is not what was installed: its checksum differs', name) };
  }
  return { id, ok: true, detail: l10n.t('checksum right, {0}', source.file) };
}

/**
 * Checks every backbone on this machine, the embedded one and those in `models`, against size and SHA-256 recorded when it
 * was installed. Entries that can't be read count as failed. Throws CANCELLED.
 */
export async function verifyBackbones(models?: string, signal?: AbortSignal): Promise<Verification[]> {
  const broken: MuscError[] = [];
  const known = await listBackbones(models, (error) => broken.push(error));
  const results: Verification[] = [];
  for (const one of known) {
    throwIfAborted(signal);
    const installed =
      one.file !== null || (models !== undefined && existsSync(path.join(models, one.entry.id, 'entry.json')));
    if (installed) results.push(await verifyBackbone(one, signal));
  }
  return results.concat(
    broken.map((e) => ({ id: e.where ? path.basename(path.dirname(e.where)) : '?', ok: false, detail: e.toLine() })),
  );
}
