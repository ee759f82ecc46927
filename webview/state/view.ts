import * as z from 'zod';
import { SORT_KEYS } from '../model/order';

// Compiled schemas need eval, which the content security policy forbids; even probing for it is a violation.
z.config({ jitless: true });

const show = z.enum([
  'all',
  'flagged',
  'clear',
  'unlabelled',
  'toCheck',
  'good',
  'defect',
  'unsure',
  'truthGood',
  'truthDefect',
  'missing',
  'changed',
  'hit',
  'missed',
  'falseAlarm',
  'passed',
]);

export const PANES = ['image', 'metrics', 'review', 'compare'] as const;
export type Pane = (typeof PANES)[number];

export const ARRANGEMENTS = ['overlay', 'side', 'swipe', 'blink'] as const;
export type Arrangement = (typeof ARRANGEMENTS)[number];

export const FRONTS = ['grid', 'pane', 'summary'] as const;
export type Front = (typeof FRONTS)[number];

/** How heat is drawn. */
const heat = z.object({
  on: z.boolean().default(true),
  /** 0..1 */
  opacity: z.number().min(0).max(1).default(0.8),
  /** Null: as the editor's settings say. */
  colormap: z.enum(['turbo', 'viridis', 'jet', 'grey']).nullable().default(null),
  scale: z.enum(['run', 'picture']).nullable().default(null),
  contour: z.boolean().default(true),
  outline: z.boolean().default(true),
  fill: z.boolean().default(false),
  arrangement: z.enum(ARRANGEMENTS).default('overlay'),
});
export type HeatView = z.infer<typeof heat>;

/**
 * What the panel remembers of how it is looked at, across reloads and restarts. Read with defaults, so that an older or
 * damaged one never keeps a run from opening.
 */
export const viewState = z.object({
  filter: z
    .object({
      show: show.default('all'),
      types: z.array(z.string()).default([]),
      text: z.string().default(''),
      range: z.tuple([z.number(), z.number()]).nullable().default(null),
    })
    .prefault({}),
  sort: z.object({ key: z.enum(SORT_KEYS).default('score'), reversed: z.boolean().default(false) }).prefault({}),
  size: z.enum(['S', 'M', 'L']).default('M'),
  /** The image in the detail view, by path: indices change when a folder is scored again. */
  current: z.string().nullable().default(null),
  threshold: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('f1max') }),
      z.object({ kind: z.literal('zeroMissed') }),
      z.object({ kind: z.literal('falseAlarms'), rate: z.number().min(0).max(1) }),
      z.object({ kind: z.literal('suggested') }),
      z.object({ kind: z.literal('manual'), value: z.number() }),
    ])
    .default({ kind: 'f1max' }),
  against: z.enum(['truth', 'labels']).default('truth'),
  pane: z.enum(PANES).default('image'),
  /** Narrow windows show one of these, not all. */
  front: z.enum(FRONTS).default('grid'),
  /** Share of the width that the grid takes. */
  split: z.number().min(0.15).max(0.85).default(0.61),
  scrollTop: z.number().min(0).default(0),
  /** Of the first image in sight: where to scroll in a grid of other columns. */
  place: z.number().int().min(0).default(0),
  advance: z.boolean().default(true),
  /** Id of the run that this one is compared with. */
  compared: z.string().nullable().default(null),
  heat: heat.prefault({}),
});
export type ViewState = z.infer<typeof viewState>;

export const DEFAULT_VIEW: ViewState = viewState.parse({});

/** A stored view, or the default where it can't be read. */
export function readView(stored: unknown): ViewState {
  const parsed = viewState.safeParse(stored ?? {});
  return parsed.success ? parsed.data : DEFAULT_VIEW;
}
