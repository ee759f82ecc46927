import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as l10n from '@vscode/l10n';
import { MuscError, throwIfAborted, toMuscError } from '../errors';
import { patientRename } from '../patient-rename';
import { isProcessAlive } from '../process-alive';
import { HERE } from '../run/atomic-write';
import type { BackboneRequest } from './backbone';
import { backboneIdOf } from './backbone-id';
import { fileSha256 } from '../file-sha256';
import { openBackbone } from './open-backbone';
import { readNetwork } from './onnx/network';
import { installedBackbone, listBackbones } from './registry';
import { rememberedSha256 } from './remembered-sha256';
import { fileName, registryEntry, type RegistryEntry } from './registry-schema';

/** What the file does not say about itself. */
export interface ImportOptions {
  /** Default: the file's name. */
  readonly id?: string;
  readonly name?: string;
  readonly taps: readonly string[] | 'auto';
  readonly embedding?: string;
  readonly preprocess?: 'clip' | 'imagenet';
  /** Recommended side of the square input, pixels; default: the network's own. */
  readonly imageSize?: number;
  readonly signal?: AbortSignal;
}

/** An id that no packaged backbone has, and no installed one of other files: `checksums` are those of all of them, the main one first. */
async function freeId(wanted: string, checksums: readonly string[], models: string): Promise<string> {
  const packaged = await listBackbones();
  const installed = await installedBackbone(models, wanted).catch(() => null);
  const source = installed?.entry.source;
  const beside = source?.kind === 'imported' ? source.beside.map(({ sha256 }) => sha256) : [];
  const same = [source?.sha256, ...beside].join() === checksums.join();
  if (packaged.some((k) => k.entry.id === wanted) || (source && !same))
    throw new MuscError('USAGE', l10n.t('there is another backbone called {0}', wanted), {
      hint: l10n.t('choose another name'),
      options: '--id NAME',
    });
  return wanted;
}

async function copy(from: string, file: string, folder: string, signal?: AbortSignal) {
  throwIfAborted(signal);
  const target = path.join(folder, file);
  await pipeline(createReadStream(from), createWriteStream(target), { signal });
  const handle = await open(target, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { file, bytes: (await stat(target)).size, sha256: await fileSha256(target, signal) };
}

/**
 * Files that must lie beside an ONNX file. Throws BACKBONE_INVALID for weights in another folder, and for a name that no entry can
 * have: the model names its weights, so they can be put neither elsewhere nor under another name.
 */
async function besideFiles(file: string): Promise<readonly string[]> {
  if (!/\.onnx$/i.test(file)) return [];
  const { external } = await readNetwork(file);
  const own = await realpath(path.dirname(file));
  const nested = external.find((e) => path.dirname(e) !== own);
  if (nested !== undefined)
    throw new MuscError('BACKBONE_INVALID', l10n.t('its weights lie in another folder than the model'), {
      where: nested,
      hint: l10n.t('export it again with its weights beside it'),
    });
  const odd = external.find((e) => !fileName.safeParse(path.basename(e)).success);
  if (odd !== undefined)
    throw new MuscError('BACKBONE_INVALID', l10n.t('the name of its weights file cannot be kept'), {
      where: odd,
      hint: l10n.t('export it again, or rename the file and its mention in the model: letters, digits, . _ - are fine'),
    });
  return external;
}

/**
 * Copies an ONNX file (with the weights beside it) or a checkpoint into the models folder, once it has been opened and one
 * picture has gone through it. A crash leaves no half-installed backbone.
 * Throws USAGE (id), BACKBONE_UNKNOWN, BACKBONE_INVALID, TAP_UNKNOWN, DISK_FULL, FILE_IO, CANCELLED.
 */
export async function importBackbone(file: string, models: string, options: ImportOptions): Promise<RegistryEntry> {
  const { taps, embedding, preprocess, imageSize, signal } = options;
  const request: BackboneRequest = {
    backbone: path.resolve(file),
    taps,
    embedding,
    preprocess,
    input: imageSize === undefined ? null : { height: imageSize, width: imageSize },
    device: 'cpu',
    protocol: 'exact',
    threads: 0,
  };
  const sha256 = await rememberedSha256(path.resolve(file), signal);
  const opened = await openBackbone(request, { models, signal });
  const { info } = opened;
  await opened.close();

  const external = await besideFiles(path.resolve(file));
  const checksums = [sha256, ...(await Promise.all(external.map((other) => rememberedSha256(other, signal))))];
  const id = await freeId(options.id ?? backboneIdOf(file), checksums, models);
  await tidyUp(models);
  const incoming = path.join(models, `.incoming-${HERE}-${process.pid}-${randomUUID().slice(0, 8)}`);
  try {
    await mkdir(incoming, { recursive: true });
    const name = path.basename(file);
    const plain = fileName.safeParse(name).success ? name : `model${path.extname(file).toLowerCase()}`;
    const main = await copy(path.resolve(file), plain, incoming, signal);
    if (main.sha256 !== sha256)
      throw new MuscError('CHECKSUM_MISMATCH', l10n.t('the file changed while it was imported'), { where: file });
    const beside = [];
    for (const other of external) beside.push(await copy(other, path.basename(other), incoming, signal));
    const parsed = registryEntry.safeParse({
      id,
      name: options.name ?? info.name,
      family: info.family,
      source: { kind: 'imported', ...main, beside },
      licence: info.licence,
      licenceLink: null,
      taps,
      embedding: embedding ?? null,
      nativeSize: info.imageSize,
      imageSize: imageSize ?? info.imageSize,
      multiple: info.multiple,
      preprocess: info.preprocess,
      degrees: info.degrees,
      rscin: info.rscin,
      normaliseEmbedding: info.normaliseEmbedding,
      folderStatistics: info.folderStatistics,
      architecture: null,
      proven: true,
      note: info.note,
    });
    if (!parsed.success)
      throw new MuscError('USAGE', `${parsed.error.issues[0].path.join('.')}: ${parsed.error.issues[0].message}`, {
        where: id,
        hint: l10n.t('choose another name: lower-case letters, digits, . _ -'),
        options: '--id NAME',
      });
    await writeSynced(path.join(incoming, 'entry.json'), `${JSON.stringify(parsed.data, null, 2)}\n`);
    await replaceFolder(incoming, models, id);
    return parsed.data;
  } catch (error) {
    throw toMuscError(error, models);
  } finally {
    await rm(incoming, { recursive: true, force: true });
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts a finished folder in its place; what was there before goes away only after that. */
async function replaceFolder(from: string, models: string, id: string): Promise<void> {
  const to = path.join(models, id);
  if (!existsSync(to)) return patientRename(from, to);
  const old = path.join(models, `.old-${HERE}-${process.pid}-${id}`);
  await patientRename(to, old);
  await patientRename(from, to).catch(async (error: unknown) => {
    await patientRename(old, to); // what was there is better than nothing
    throw error;
  });
  await rm(old, { recursive: true, force: true });
}

/** What killed imports left: half copies go, and what was to be replaced comes back. Never fails: it is housekeeping. */
async function tidyUp(models: string): Promise<void> {
  for (const name of await readdir(models).catch(() => [])) {
    const [, kind, machine, pid, rest] = /^\.(incoming|old)-([0-9a-f]{8})-(\d+)-(.+)$/.exec(name) ?? [];
    if (machine !== HERE || isProcessAlive(Number(pid))) continue;
    const folder = path.join(models, name);
    const lost = kind === 'old' && !existsSync(path.join(models, rest));
    await (lost ? rename(folder, path.join(models, rest)) : rm(folder, { recursive: true, force: true })).catch(
      () => undefined,
    );
  }
}
