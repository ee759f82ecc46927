import * as z from 'zod';
import { LABELS, runFile, type RunFile } from './run-file';
import { STAGES } from './stage';

/**
 * Messages between the editor's host and the panel (a webview). One method interface per direction; both sides validate what they receive.
 * Images are named by their index in `RunFile.images` throughout.
 */

const index = z.number().int().nonnegative();
const indices = z.array(index).max(1000);
const label = z.enum(LABELS).nullable();

/** Everything the panel shows at first, and again after any change outside it. */
export const panelSnapshot = z.object({
  run: runFile,
  /** One per image. */
  labels: z.array(label),
  /** Why a picture can't be shown, by image index ("moved or deleted"). */
  missing: z.array(z.tuple([index, z.string()])),
  /** Pictures whose file was replaced or edited since they were scored: score and heatmap are those of the earlier one. */
  changed: z.array(index),
  /** Whether no picture is shown until the workspace is trusted. */
  restricted: z.boolean().optional(),
  /** Whether labels can be edited (not in a read-only or untrusted place). */
  editable: z.boolean(),
  settings: z.object({
    colormap: z.enum(['turbo', 'viridis', 'jet', 'grey']),
    heatmapScale: z.enum(['run', 'picture']),
  }),
  /**
   * Patch scores of the whole run, for the colour scale "whole run": the median and the highest. Not there where no map can be read.
   */
  mapRange: z.object({ median: z.number(), max: z.number() }).optional(),
  /** Last view state that the panel stored with `saveView`, or null. Opaque to the host. */
  view: z.unknown(),
});
export type PanelSnapshot = z.infer<typeof panelSnapshot>;

/** The panel of a run that is being made: nothing to rank yet, the `job` event tells how far it is. */
export const panelPending = z.object({ pending: z.object({ /** Absolute. */ folder: z.string() }) });
export type PanelPending = z.infer<typeof panelPending>;

/** A run that can't be shown (damaged, of a newer version): what is wrong and what to do, one sentence each. */
export const panelRefusal = z.object({ refused: z.object({ what: z.string(), hint: z.string() }) });
export type PanelRefusal = z.infer<typeof panelRefusal>;

/** Another run of the same folder, to compare with. */
export const otherRun = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  backbone: z.string(),
  images: index,
});
export type OtherRun = z.infer<typeof otherRun>;

/** A job that concerns this run's folder. */
export const panelJob = z.object({
  state: z.enum(['queued', 'running', 'failed', 'cancelled', 'done']),
  /** Null until the engine has said one. */
  stage: z.enum(STAGES).nullable(),
  done: z.number(),
  total: z.number(),
  secondsLeft: z.number().nullable(),
  item: z.string().optional(),
  /** When failed: one line with what and what to do. */
  error: z.string().optional(),
  /** Only of a run that is being made: the last pictures read, newest last. `uri` is a webview URI. */
  pictures: z
    .array(z.object({ path: z.string(), uri: z.string() }))
    .max(64)
    .optional(),
});
export type PanelJob = z.infer<typeof panelJob>;

/** Requests of the panel: name -> parameters. Results are in `PanelResults`. */
export const panelRequests = {
  ready: z.object({}),
  /** Small versions, longest side at most `size` pixels; made by the engine, cached. */
  thumbnails: z.object({ images: indices, size: z.union([z.literal(128), z.literal(256), z.literal(512)]) }),
  /** The picture itself, as something a browser can show (TIFF, 16 bit and the like are converted). */
  picture: z.object({ image: index }),
  /** Patch scores, for heatmaps. */
  maps: z.object({ images: indices }),
  /** Ground-truth mask, at most 1024 px on the longer side. */
  mask: z.object({ image: index }),
  /** The k nearest patches in other images of a patch. */
  neighbours: z.object({ image: index, row: index, column: index, k: z.number().int().min(1).max(20) }),
  /** Pixel-level curves against ground truth, thinned to at most 200 points each. */
  pixelCurves: z.object({}),
  editLabels: z.object({
    changes: z
      .array(z.object({ image: index, label }))
      .min(1)
      .max(100_000),
  }),
  /** Things the host does with VS Code's own means. */
  command: z.object({
    name: z.enum([
      'scoreAgain',
      'export',
      'exportLabels',
      'importLabels',
      'exportSplit',
      'cancel',
      'watch',
      'revealInExplorer',
      'openPicture',
      'relink',
      'showLog',
      'undo',
      'redo',
    ]),
    images: z.array(index).max(100_000).optional(),
    /** scoreAgain: the job that was cancelled or failed goes on from its checkpoint, with its own settings. */
    resume: z.boolean().optional(),
    /** export: the panel's threshold, on image scores and on the scale of maps. */
    threshold: z.object({ score: z.number(), map: z.number() }).optional(),
    /** export: how the panel draws heat. */
    heat: z
      .object({
        colormap: z.enum(['turbo', 'viridis', 'jet', 'grey']),
        opacity: z.number().min(0).max(1),
        /** On maps: where colours begin and end, where heat begins to show and shows in full. Null: each picture's own. */
        scale: z.object({ low: z.number(), high: z.number(), clear: z.number(), full: z.number() }).nullable(),
      })
      .optional(),
  }),
  /** Nobody needs to know any more how the last job ended. */
  dismissJob: z.object({}),
  saveView: z.object({ view: z.unknown() }),
  /** Which pictures can't be shown by now, and which were replaced or edited. */
  checkPictures: z.object({}),
  /** Other runs of this folder, newest first. */
  otherRuns: z.object({}),
  /** One of them, whole. */
  otherRun: z.object({ run: z.string() }),
  /** Patch scores of one of them; `images` are indices in THAT run. */
  otherMaps: z.object({ run: z.string(), images: indices }),
} as const;

export type PanelRequestName = keyof typeof panelRequests;
export type PanelRequest<N extends PanelRequestName> = z.infer<(typeof panelRequests)[N]>;

export interface Thumbnail {
  readonly image: number;
  /** Webview URI with a version, or null with the reason. */
  readonly uri: string | null;
  readonly reason?: string;
}

/** Patch scores of several images, of which some may be unreadable. */
export interface PatchScores {
  /** images.length x h x w, in the order asked; 0 where they are unread. */
  readonly scores: Float32Array;
  /** Places among the images asked for whose scores can't be read, with the reason. */
  readonly unread: readonly (readonly [place: number, reason: string])[];
}

/** A patch elsewhere that looks like the one asked about. `distance` is the method's (mean over taps and degrees), 0..2. */
export interface Neighbour {
  readonly image: number;
  readonly row: number;
  readonly column: number;
  readonly distance: number;
}

export interface PanelResults {
  ready: PanelSnapshot | PanelPending | PanelRefusal;
  thumbnails: Thumbnail[];
  picture: { uri: string; width: number; height: number };
  maps: PatchScores;
  /** 0 or 1 per pixel, row-major; null: no mask. */
  mask: { width: number; height: number; data: Uint8Array } | null;
  neighbours: Neighbour[];
  pixelCurves: { roc: [number, number][]; pr: [number, number][]; pro: [number, number][] } | { absent: string };
  editLabels: null;
  command: null;
  dismissJob: null;
  saveView: null;
  checkPictures: Pick<PanelSnapshot, 'missing' | 'changed'>;
  otherRuns: OtherRun[];
  otherRun: RunFile;
  otherMaps: PatchScores;
}

/** What the panel sends: a call, or that it no longer needs the answer to one (none is expected then). */
export type PanelCall =
  | { [N in PanelRequestName]: { id: number; method: N; params: PanelRequest<N> } }[PanelRequestName]
  | { cancel: number };

/** What the host answers, and what it tells without being asked. */
export type HostMessage =
  | { id: number; ok: true; result: PanelResults[PanelRequestName] }
  | { id: number; ok: false; error: string }
  | { event: 'snapshot'; snapshot: PanelSnapshot }
  /** `stepped`: undo or redo changed them. */
  | { event: 'labels'; labels: PanelSnapshot['labels']; stepped?: boolean }
  | { event: 'settings'; settings: PanelSnapshot['settings'] }
  | { event: 'job'; job: PanelJob | null }
  /** The host's "Compare..." command: open the compare view with this run. */
  | { event: 'compare'; run: string }
  /** The host's "Export Results...": the panel asks for it, with what it shows. */
  | { event: 'export' };
