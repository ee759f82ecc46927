import { existsSync } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { MuscError, toMuscError } from '../errors';
import { safeParse } from '../safe-parse';
import { registryEntry, registryFile, type RegistryEntry } from './registry-schema';

/** An entry and where its files are, if they are on this machine. */
export interface KnownBackbone {
  readonly entry: RegistryEntry;
  /** Absolute path of the ONNX file or checkpoint; null: not on this machine. */
  readonly file: string | null;
}

/** models/embedded/entry.json, as the export script writes it. */
const embeddedEntry = z.object({
  id: z.string(),
  name: z.string().default('MuSc embedded'),
  file: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  taps: z.array(z.string()).min(1),
  embedding: z.string().nullable().default(null),
  imageSize: z.number(),
  patchStride: z.number(),
  preprocess: registryEntry.shape.preprocess,
  degrees: registryEntry.shape.degrees,
  rscin: registryEntry.shape.rscin,
  normaliseEmbedding: z.boolean().default(true),
  folderStatistics: registryEntry.shape.folderStatistics,
  licence: z.string(),
  licenceLink: z.url().nullable().default(null),
  note: z.string(),
});

/** The package's models/ folder, found from the source tree and from the bundle alike. Throws BACKBONE_MISSING. */
export function packagedModels(): string {
  const start = typeof __dirname === 'string' ? __dirname : path.dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = path.dirname(folder)) {
    const models = path.join(folder, 'models');
    if (existsSync(path.join(models, 'embedded', 'entry.json'))) return models;
    if (folder === path.dirname(folder))
      throw new MuscError('BACKBONE_MISSING', l10n.t('the models folder of this installation is missing'), {
        where: start,
        hint: l10n.t('install again'),
      });
  }
}

/** Asked without waiting for the answer: a models folder may lie on a drive of the network that is slow to say, or silent. */
const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw toMuscError(error, file);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new MuscError('FILE_INVALID', l10n.t('not JSON'), { where: file, cause: error });
  }
  const parsed = safeParse(schema, json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new MuscError('FILE_INVALID', `${issue.path.join('.') || l10n.t('backbone entry')}: ${issue.message}`, {
    where: file,
  });
}

/** The backbone inside the package. Throws FILE_INVALID, BACKBONE_MISSING. */
export async function embeddedBackbone(): Promise<KnownBackbone> {
  const folder = path.join(packagedModels(), 'embedded');
  const { file, sha256, bytes, patchStride, ...rest } = await readJson(path.join(folder, 'entry.json'), embeddedEntry);
  const entry = registryEntry.parse({
    ...rest,
    family: 'conv',
    source: { kind: 'embedded', file, bytes, sha256 },
    nativeSize: rest.imageSize,
    multiple: patchStride,
    architecture: null,
    proven: true,
  });
  return { entry, file: path.join(folder, file) };
}

/** Entry of one installed backbone: `MODELS/ID/entry.json`. Null: there is none. */
export async function installedBackbone(models: string, id: string): Promise<KnownBackbone | null> {
  const folder = path.join(models, id);
  const file = path.join(folder, 'entry.json');
  if (!(await isThere(file))) return null;
  const entry = await readJson(file, registryEntry);
  if (entry.id !== id)
    throw new MuscError('FILE_INVALID', l10n.t("the entry's id is {0}, its folder's name {1}", entry.id, id), {
      where: file,
    });
  const weights = path.join(folder, path.posix.basename(entry.source.file));
  return { entry, file: (await isThere(weights)) ? weights : null };
}

/**
 * Every known backbone: the embedded one, those of models/registry.json, those installed in `models` (which replace the
 * registry's of the same id). Entries of the models folder that can't be read are handed to `broken`, not thrown.
 */
export async function listBackbones(
  models?: string,
  broken: (error: MuscError) => void = () => undefined,
): Promise<KnownBackbone[]> {
  const known = new Map<string, KnownBackbone>();
  const embedded = await embeddedBackbone();
  known.set(embedded.entry.id, embedded);
  const registry = path.join(packagedModels(), 'registry.json');
  if (await isThere(registry))
    for (const entry of (await readJson(registry, registryFile)).backbones) known.set(entry.id, { entry, file: null });
  const ids = models && (await isThere(models)) ? (await readdir(models)).sort() : [];
  for (const id of ids) {
    try {
      const installed = models ? await installedBackbone(models, id) : null;
      if (installed && installed.entry.id !== embedded.entry.id) known.set(id, installed);
    } catch (error) {
      broken(toMuscError(error, path.join(models ?? '', id)));
    }
  }
  return [...known.values()];
}

/** The backbone with this id. Throws BACKBONE_UNKNOWN, naming what there is. */
export async function findBackbone(id: string, models?: string): Promise<KnownBackbone> {
  const known = await listBackbones(models);
  const found = known.find((k) => k.entry.id === id);
  if (found) return found;
  throw new MuscError('BACKBONE_UNKNOWN', l10n.t('no backbone is called {0}', id), {
    hint: l10n.t(
      'known: {0}; or give the path of an .onnx or .safetensors file',
      known.map((k) => k.entry.id).join(', '),
    ),
  });
}
