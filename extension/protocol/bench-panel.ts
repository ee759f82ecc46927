import * as z from 'zod';
import type { BenchFile } from './bench-file';
import { BENCH_FORMATS } from './bench-metrics';

/** Page of a benchmark -> editor. The host validates every message. */
export const benchPageMessage = z.discriminatedUnion('do', [
  z.object({ do: z.literal('ready') }),
  z.object({ do: z.literal('export'), format: z.enum(BENCH_FORMATS) }),
  z.object({ do: z.literal('openRun'), category: z.string().min(1).max(255) }),
  z.object({ do: z.literal('runAgain') }),
  z.object({ do: z.literal('showLog') }),
]);
export type BenchPageMessage = z.infer<typeof benchPageMessage>;

/** Editor -> page of a benchmark: the document, again whenever it changes on disk, or why it can't be shown. */
export type BenchHostMessage =
  | { readonly bench: BenchFile; readonly running: boolean }
  | { readonly refused: { readonly what: string; readonly hint: string } };
