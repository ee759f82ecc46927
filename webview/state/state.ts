import type { PanelJob, PanelSnapshot } from '../../extension/protocol/panel';
import type { RunFile } from '../../extension/protocol/run-file';
import type { Table } from '../model/table';
import { DEFAULT_VIEW, type ViewState } from './view';

/** What the panel is showing. */
export type Phase =
  | { readonly kind: 'loading' }
  | { readonly kind: 'pending'; readonly folder: string }
  | { readonly kind: 'refused'; readonly what: string; readonly hint: string }
  | { readonly kind: 'open'; readonly snapshot: PanelSnapshot; readonly table: Table };

/** The run that this one is compared with. */
export interface Other {
  readonly run: RunFile;
  readonly table: Table;
}

export interface PanelState {
  readonly phase: Phase;
  /** NONE, GOOD, DEFECT or UNSURE per image. */
  readonly labels: Int8Array;
  readonly missing: ReadonlySet<number>;
  readonly job: PanelJob | null;
  readonly view: ViewState;
  /** Index of the image in the detail view. */
  readonly current: number | null;
  /** Images that actions apply to; always includes the current one when not empty. */
  readonly selection: ReadonlySet<number>;
  /** Where Shift extends the selection from. */
  readonly anchor: number | null;
  readonly other: Other | null;
  /** Said to screen readers, and shown where it is an error. */
  readonly notice: { readonly text: string; readonly error: boolean };
}

export const INITIAL_STATE: PanelState = {
  phase: { kind: 'loading' },
  labels: new Int8Array(0),
  missing: new Set(),
  job: null,
  view: DEFAULT_VIEW,
  current: null,
  selection: new Set(),
  anchor: null,
  other: null,
  notice: { text: '', error: false },
};
