import * as z from 'zod';
import { BACKBONE_ID } from './backbone-id';
import { PAPER_DEGREES } from '../settings';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const side = z.number().int().min(1).max(8192); // pixels
const triple = z.tuple([z.number(), z.number(), z.number()]);

/** A plain file name: an entry can't point out of its own folder. */
export const fileName = z.string().regex(/^(?![. ])[\w.+ ()@=-]{1,200}$/, 'a plain file name, without folders');

/** A path on a model hub: names with slashes between them, none of them hidden or a step up. */
const hubPath = z.string().regex(/^(?!.*\.\.)[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, 'a relative path');

/** Where the weights come from. Checksums are only ever published or recorded ones: null means "not known yet". */
const source = z.discriminatedUnion('kind', [
  /** Inside the package, beside its entry.json. */
  z.object({ kind: z.literal('embedded'), file: fileName, bytes: z.number().int(), sha256 }),
  /** On a model hub; `bytes` is what is shown before the click, null where not published. */
  z.object({
    kind: z.literal('hub'),
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
    revision: hubPath,
    file: hubPath,
    bytes: z.number().int().positive().nullable(),
    /** True: `bytes` follows from the number of weights and is not the file's published length. */
    estimated: z.boolean().default(false),
    sha256: sha256.nullable(),
  }),
  /** A file of the user's, copied into the models folder; `beside`: files that hold an ONNX model's weights. */
  z.object({
    kind: z.literal('imported'),
    file: fileName,
    bytes: z.number().int(),
    sha256,
    beside: z.array(z.object({ file: fileName, bytes: z.number().int(), sha256 })).default([]),
  }),
]);

/** What a checkpoint file does not say about its own network. */
const architecture = z.object({
  scheme: z.enum(['timm', 'hf_clip', 'hf_dinov2', 'hf_vit', 'hf_dinov3', 'open_clip']),
  depth: z.number().int().min(1).max(200),
  width: z.number().int().min(1),
  heads: z.number().int().min(1),
  patch: z.number().int().min(1),
  /** Class token and registers. */
  prefixTokens: z.number().int().min(0),
  /** Epsilon of every LayerNorm. */
  eps: z.number().positive(),
  /** What the weights were trained with; the `reference` protocol may run another (SPEC 2). */
  activation: z.enum(['gelu', 'quick_gelu']),
  /** What the authors' code runs these weights with instead, under `reference` and at every size. */
  referenceActivation: z.enum(['gelu', 'quick_gelu']).optional(),
  /** OpenAI's CLIP weights: `reference` runs them with exact GELU at another size than the native one (SPEC 2). */
  openaiClip: z.boolean().default(false),
  positions: z.enum(['size', 'scale_plus_0.1', 'none']),
});

/** One backbone as the registry, models/embedded/entry.json and the models folder (`ID/entry.json`) describe it. */
export const registryEntry = z.object({
  id: z.string().regex(BACKBONE_ID, 'lower-case letters, digits, . _ -'),
  name: z.string().min(1),
  family: z.enum(['clip', 'dino', 'dinov2', 'dinov3', 'conv', 'other']),
  source,
  licence: z.string().min(1),
  /** Page with the licence; null only for the user's own files. */
  licenceLink: z.url().nullable(),
  /** Block indices (checkpoints, stock ViT exports) or tensor names; 'auto': last block of each quarter. */
  taps: z.union([z.literal('auto'), z.array(z.string().min(1)).min(1)]),
  /** Output with the image feature of an ONNX file; null: found by the graph's form, or none. */
  embedding: z.string().min(1).nullable(),
  /** Square side that the weights were trained at, and the one we recommend (the paper's where it has one). */
  nativeSize: side,
  imageSize: side,
  /** Input sides must be multiples of this. */
  multiple: side,
  preprocess: z.object({ resize: z.enum(['bicubic', 'bilinear']), mean: triple, std: triple }),
  /** Window sizes of LNAMD; the paper's where the entry says nothing. */
  degrees: z
    .array(z.number().int().min(1))
    .min(1)
    .default([...PAPER_DEGREES]),
  /** K list of RsCIN outside VisA, or off. */
  rscin: z.union([z.array(z.number().int().min(1)).min(1), z.literal('off')]),
  normaliseEmbedding: z.boolean(),
  folderStatistics: z.enum(['none', 'standardise']),
  /** For checkpoints (.safetensors); null for ONNX files. */
  architecture: architecture.nullable(),
  /** True: tried with the real file. False is said wherever the backbone is named. */
  proven: z.boolean(),
  /** One sentence shown wherever the backbone is named, or "". */
  note: z.string(),
  /** Pages where what the entry states beyond the file itself can be read. */
  sources: z.array(z.url()).default([]),
});
export type RegistryEntry = z.infer<typeof registryEntry>;

/** models/registry.json */
export const registryFile = z.object({ version: z.literal(1), backbones: z.array(registryEntry) });
