import type { BenchFile } from '../../extension/protocol/bench-file';
import { BENCH_METRICS, type BenchMetric } from '../../extension/protocol/bench-metrics';
import type { BenchHostMessage, BenchPageMessage } from '../../extension/protocol/bench-panel';
import { benchRows, type BenchRow } from '../../extension/protocol/bench-table';
import { type BenchBy, type BenchColumn, type BenchSort, FIRST_SORT, nextSort, sortRows } from '../model/bench-sort';
import { memo, Store } from './store';

export type BenchPhase =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused'; readonly what: string; readonly hint: string }
  | { readonly kind: 'shown'; readonly bench: BenchFile; readonly running: boolean };

export interface BenchState {
  readonly phase: BenchPhase;
  readonly sort: BenchSort;
  readonly by: BenchBy;
  /** The chart's. */
  readonly metric: BenchMetric;
}

/** What a webview page is given by the editor. */
export interface PageChannel {
  post(message: BenchPageMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** What a benchmark's page shows, and what can be done in it. */
export class BenchPage {
  readonly store: Store<BenchState>;
  private readonly rowsOf = memo(benchRows);
  private readonly sorted = memo(sortRows);

  constructor(private readonly channel: PageChannel) {
    this.store = new Store<BenchState>({
      phase: { kind: 'waiting' },
      sort: FIRST_SORT,
      by: 'value',
      metric: 'image_auroc',
      ...savedView(channel.getState()),
    });
  }

  get state(): BenchState {
    return this.store.state;
  }

  /** Categories in the order asked for. */
  categories(bench: BenchFile): readonly BenchRow[] {
    return this.sorted(this.categoriesOf(bench), this.state.sort, this.state.by);
  }

  mean(bench: BenchFile): BenchRow {
    const rows = this.rowsOf(bench);
    return rows[rows.length - 1];
  }

  start(): void {
    this.post({ do: 'ready' });
  }

  receive(message: BenchHostMessage): void {
    this.store.update({
      phase: 'bench' in message ? { kind: 'shown', ...message } : { kind: 'refused', ...message.refused },
    });
  }

  sortBy(column: BenchColumn): void {
    this.view({ sort: nextSort(this.state.sort, column) });
  }

  /** Changes order or metric, and remembers it for when the page is built again. */
  view(patch: Partial<Pick<BenchState, 'sort' | 'by' | 'metric'>>): void {
    this.store.update(patch);
    const { sort, by, metric } = this.state;
    this.channel.setState({ sort, by, metric });
  }

  post(message: BenchPageMessage): void {
    this.channel.post(message);
  }

  private readonly categoriesOf = memo((bench: BenchFile) => this.rowsOf(bench).filter((row) => !row.mean));
}

/** The parts of a remembered view that are still understood: it may be of an older version. */
function savedView(saved: unknown): Partial<BenchState> {
  if (typeof saved !== 'object' || saved === null) return {};
  const { sort, by, metric } = saved as Partial<Record<keyof BenchState, unknown>>;
  const metricOf = BENCH_METRICS.find((one) => one === metric);
  return {
    ...(metricOf ? { metric: metricOf } : {}),
    ...(by === 'value' || by === 'difference' ? { by } : {}),
    ...(isSort(sort) ? { sort } : {}),
  };
}

const isSort = (value: unknown): value is BenchSort =>
  typeof value === 'object' &&
  value !== null &&
  'column' in value &&
  'descending' in value &&
  typeof value.descending === 'boolean' &&
  ['name', 'images', 'seconds', ...BENCH_METRICS].some((column) => column === value.column);
