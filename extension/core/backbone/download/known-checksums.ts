import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { writeAtomic } from '../../run/atomic-write';
import { withLock } from './folder-lock';
import type { HubSource } from './hub-address';

/** In the models folder; it outlives the removal of a backbone. */
export const CHECKSUMS_FILE = '.checksums.json';

const schema = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));

const keyOf = ({ repository, revision, file }: HubSource): string => `${repository}@${revision}/${file}`;

async function readAll(models: string): Promise<Record<string, string>> {
  try {
    return schema.parse(JSON.parse(await readFile(path.join(models, CHECKSUMS_FILE), 'utf8')));
  } catch {
    return {}; // not there, or damaged: nothing is known
  }
}

/** SHA-256 that a file must have: the registry's, or the one recorded when it was first installed here; null: not known. */
export async function knownChecksum(models: string, source: HubSource): Promise<string | null> {
  return source.sha256 ?? (await readAll(models))[keyOf(source)] ?? null;
}

/** Locks a file to its checksum from now on. */
export async function recordChecksum(models: string, source: HubSource, sha256: string): Promise<void> {
  await mkdir(models, { recursive: true });
  await withLock(
    path.join(models, `${CHECKSUMS_FILE}.lock`),
    l10n.t('another process is recording a checksum'),
    async () => {
      const all = { ...(await readAll(models)), [keyOf(source)]: sha256 };
      await writeAtomic(path.join(models, CHECKSUMS_FILE), `${JSON.stringify(all, null, 2)}\n`);
    },
  );
}
