import type { PanelJob, PanelSnapshot } from '../../extension/protocol/panel';
import type { RunFile } from '../../extension/protocol/run-file';
import { alone, type Selection } from '../model/selection';
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

export interface PanelState extends Selection {
  readonly phase: Phase;
  /** NONE, GOOD, DEFECT or UNSURE per image. */
  readonly labels: Int8Array;
  readonly missing: ReadonlySet<number>;
  /** Images whose file was replaced or edited since they were scored. */
  readonly changed: ReadonlySet<number>;
  readonly job: PanelJob | null;
  readonly view: ViewState;
  /** The threshold that the grid's order and filter go by while another is being dragged; null: the one that is set. */
  readonly gridThreshold: number | null;
  readonly other: Other | null;
  /** Said to screen readers, and shown where it is an error. */
  readonly notice: { readonly text: string; readonly error: boolean };
}

export const INITIAL_STATE: PanelState = {
  phase: { kind: 'loading' },
  labels: new Int8Array(0),
  missing: new Set(),
  changed: new Set(),
  job: null,
  view: DEFAULT_VIEW,
  gridThreshold: null,
  ...alone(null),
  other: null,
  notice: { text: '', error: false },
};
