import type { Stage } from '../protocol/stage';

/** One step forward. `secondsLeft` is null until it can be estimated. */
export interface Progress {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number | null;
  /** What is being worked on now, if worth showing (a picture's path). */
  readonly item?: string;
  /** Absolute path of that picture, once it was read or skipped. */
  readonly file?: string;
  /** Of a benchmark: which of its categories this is about, counted from 0. */
  readonly part?: { readonly name: string; readonly index: number; readonly count: number };
  /** Absolute path of that category's run, once it is written. */
  readonly run?: string;
}

export type ReportProgress = (progress: Progress) => void;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string) => void;
