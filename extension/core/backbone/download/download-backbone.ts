import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError, toMuscError } from '../../errors';
import { fileSha256 } from '../../file-sha256';
import { writeAtomic } from '../../run/atomic-write';
import { installedBackbone } from '../registry';
import type { RegistryEntry } from '../registry-schema';
import { checkWeights } from './check-weights';
import { downloadFile, type Downloaded, type DownloadRequest } from './download-file';
import { withLock } from './folder-lock';
import { hubAddress, weightsPath, type HubSource } from './hub-address';
import { CHECKSUMS_FILE, knownChecksum, recordChecksum } from './known-checksums';

export interface DownloadOptions extends Pick<
  DownloadRequest,
  'network' | 'signal' | 'progress' | 'freeBytes' | 'pause'
> {
  /** Folder of installed backbones, shared by all workspaces. */
  readonly models: string;
  /** Base address to use instead of the hub's. */
  readonly mirror?: string;
}

export interface Installed {
  /** As written to MODELS/ID/entry.json: with exact length, checksum and revision. */
  readonly entry: RegistryEntry;
  readonly file: string;
  /** Where the weights came from: the network, a file put there by hand, or they were installed already. */
  readonly from: 'download' | 'hand' | 'before';
}

/**
 * Installs a backbone of the registry: downloads its weights, or takes a file that was put at `weightsPath` by hand; verifies
 * them; records their checksum, to which they are locked from then on. Called only on the user's explicit wish.
 * Throws USAGE (nothing to download), BUSY, SETTING_INVALID (mirror, proxy), DOWNLOAD_FAILED, CHECKSUM_MISMATCH,
 * BACKBONE_INVALID (not the network it should be), DISK_FULL, FOLDER_READ_ONLY, FILE_IO, CANCELLED.
 */
export async function downloadBackbone(entry: RegistryEntry, options: DownloadOptions): Promise<Installed> {
  const { source } = entry;
  if (source.kind !== 'hub')
    throw new MuscError('USAGE', l10n.t('{0} has no download', entry.name), {
      hint: l10n.t('it is on this machine already'),
    });
  const { models } = options;
  const file = weightsPath(models, entry);
  const folder = path.dirname(file);
  const address = hubAddress(source, options.mirror);
  try {
    await mkdir(folder, { recursive: true });
    return await withLock(path.join(folder, '.lock'), l10n.t('another process is installing {0}', entry.id), () =>
      install({ ...entry, source }, file, address, options),
    );
  } catch (error) {
    throw error instanceof MuscError ? error : toMuscError(error, folder);
  }
}

type HubEntry = RegistryEntry & { readonly source: HubSource };

async function install(entry: HubEntry, file: string, address: URL, options: DownloadOptions): Promise<Installed> {
  const { models, signal } = options;
  const before = await stillGood(entry, models, signal);
  if (before) return { entry: before, file, from: 'before' };
  const sha256 = await knownChecksum(models, entry.source);
  const hand = await takeByHand(file, sha256, models, signal);
  const bytes = entry.source.estimated ? null : entry.source.bytes;
  const got = hand ?? (await downloadFile({ ...options, address, file, sha256, bytes }));
  await checkWeights(file, entry);
  const { source } = entry;
  await recordChecksum(models, source, got.sha256);
  const installed: RegistryEntry = {
    ...entry,
    source: {
      ...source,
      revision: got.commit ?? source.revision,
      bytes: got.bytes,
      estimated: false,
      sha256: got.sha256,
    },
  };
  await writeAtomic(path.join(path.dirname(file), 'entry.json'), `${JSON.stringify(installed, null, 2)}\n`);
  return { entry: installed, file, from: hand ? 'hand' : 'download' };
}

/** The installed entry, if its file is still what was installed. */
async function stillGood(entry: HubEntry, models: string, signal?: AbortSignal): Promise<RegistryEntry | null> {
  const known = await installedBackbone(models, entry.id).catch(() => null);
  if (!known?.file || known.entry.source.kind !== 'hub') return null;
  const { sha256, bytes } = known.entry.source;
  const { size } = await stat(known.file);
  if (sha256 === null || size !== bytes || (await fileSha256(known.file, signal)) !== sha256) {
    await rm(known.file); // damaged: a good one takes its place
    return null;
  }
  return known.entry;
}

/** A file that the user put where the weights belong. Throws CHECKSUM_MISMATCH where it is known to be another one. */
async function takeByHand(
  file: string,
  wanted: string | null,
  models: string,
  signal?: AbortSignal,
): Promise<Downloaded | null> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) return null;
  const sha256 = await fileSha256(file, signal);
  if (wanted !== null && sha256 !== wanted)
    throw new MuscError('CHECKSUM_MISMATCH', l10n.t('this is not the expected file'), {
      where: file,
      hint: l10n.t(
        "delete it to download it anew; if the publisher's file has changed, forget its checksum in {0}",
        path.join(models, CHECKSUMS_FILE),
      ),
    });
  return { bytes: found.size, sha256, commit: null };
}
