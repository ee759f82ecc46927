import { runScale } from '../../extension/protocol/heat-scale';
import { countFrom, mapThreshold, sortedScores } from '../../extension/protocol/map-threshold';
import type { PanelSnapshot } from '../../extension/protocol/panel';
import { suggestedThreshold } from '../../extension/protocol/suggested-threshold';
import { imageFigures, rankedCounts } from '../model/curve';
import { labelsToCheck } from '../model/doubt';
import { chipCounts, filtered, showFollowsThreshold, typeCounts, type Facts } from '../model/filter';
import { histogramOf } from '../model/histogram';
import { followsLabels, followsThreshold, ordered } from '../model/order';
import { reviewProgress } from '../model/review';
import { classesOf, NONE, type Table } from '../model/table';
import { thresholdFor } from '../model/threshold';
import { classScores, confusionAt } from '../model/verdict';
import { memo } from './store';
import type { PanelState } from './state';

/** Bars of the histogram. */
const BINS = 48;

const factsOf = (
  table: Table,
  labels: Int8Array,
  classes: Int8Array,
  threshold: number,
  missing: ReadonlySet<number>,
  changed: ReadonlySet<number>,
): Facts => ({ table, labels, classes, threshold, missing, changed });

/** Everything computed from the state, each part again only when what it depends on has changed. */
export class Derived {
  private readonly classesMemo = memo(classesOf);
  private readonly rankedMemo = memo((table: Table, classes: Int8Array) =>
    rankedCounts(table.score, table.ranking, classes),
  );
  private readonly figuresMemo = memo(imageFigures);
  private readonly sortedMemo = memo(sortedScores);
  private readonly thresholdMemo = memo(thresholdFor);
  private readonly factsMemo = memo(factsOf);
  /** With the grid's threshold, which holds still in a drag, and at all times for what does not follow it. */
  private readonly stillFactsMemo = memo(factsOf);
  private readonly orderMemo = memo(
    (
      table: Table,
      key: PanelState['view']['sort']['key'],
      reversed: boolean,
      threshold: number | null,
      labels: Int8Array | null,
    ) =>
      ordered(
        { key, reversed },
        {
          table,
          labels: labels ?? new Int8Array(table.size).fill(NONE),
          classes: table.truth,
          threshold: threshold ?? 0,
          missing: new Set(),
          changed: new Set(),
        },
      ),
  );
  private readonly visibleMemo = memo(filtered);
  private readonly chipsMemo = memo(chipCounts);
  private readonly typesMemo = memo(typeCounts);
  private readonly histogramMemo = memo((table: Table, classes: Int8Array) => histogramOf(table.score, classes, BINS));
  private readonly classScoresMemo = memo((table: Table, classes: Int8Array) => classScores(table.score, classes));
  private readonly confusionMemo = memo(confusionAt);
  private readonly checkMemo = memo(labelsToCheck);
  private readonly progressMemo = memo(reviewProgress);
  private readonly stableMemo = memo((table: Table) => {
    const sorted = this.sortedMemo(table);
    const ranked = rankedCounts(table.score, table.ranking, table.truth);
    return thresholdFor({ kind: 'f1max' }, ranked, sorted.score).value;
  });
  private readonly scaleMemo = memo((table: Table, range: PanelSnapshot['mapRange']) => {
    const { score, raw, same } = this.sortedMemo(table);
    const line = mapThreshold(this.stableMemo(table), score, raw, same);
    // Without a range no map could be read, or none of those of a large run that were looked at: the lowest picture stands for the median.
    return runScale(range ?? { median: raw[0] ?? 0, max: raw[raw.length - 1] ?? 1 }, line);
  });
  private readonly suggestedMemo = memo(suggestedThreshold);

  constructor(private readonly read: () => PanelState) {}

  get table(): Table {
    const { phase } = this.read();
    if (phase.kind !== 'open') throw new Error('no run is open');
    return phase.table;
  }

  get snapshot(): PanelSnapshot {
    const { phase } = this.read();
    if (phase.kind !== 'open') throw new Error('no run is open');
    return phase.snapshot;
  }

  /** What figures are measured against: truth unless there is none. */
  get against(): 'truth' | 'labels' {
    return this.table.hasTruth ? this.read().view.against : 'labels';
  }

  get classes(): Int8Array {
    return this.classesMemo(this.table, this.read().labels, this.against);
  }

  get ranked() {
    return this.rankedMemo(this.table, this.classes);
  }

  /** Whether no image's class is known: what lies above and below a threshold is all that it tells. */
  get isUnknown(): boolean {
    return this.ranked.points.length === 1;
  }

  /** Image metrics of this panel's own making: against labels, and the curves' areas. */
  get figures() {
    return this.figuresMemo(this.ranked);
  }

  get sorted() {
    return this.sortedMemo(this.table);
  }

  get threshold() {
    return this.thresholdMemo(this.read().view.threshold, this.ranked, this.sorted.score);
  }

  get suggested() {
    return this.suggestedMemo(this.sorted.score);
  }

  /** The threshold on the scale of maps. */
  get mapThreshold(): number {
    const { score, raw, same } = this.sorted;
    return mapThreshold(this.threshold.value, score, raw, same);
  }

  get facts(): Facts {
    const { labels, missing, changed } = this.read();
    return this.factsMemo(this.table, labels, this.classes, this.threshold.value, missing, changed);
  }

  /** All images in the chosen order. */
  get order(): Int32Array {
    const { view, labels } = this.read();
    const { key, reversed } = view.sort;
    return this.orderMemo(
      this.table,
      key,
      reversed,
      followsThreshold(key) ? this.gridThreshold : null,
      followsLabels(key) ? labels : null,
    );
  }

  /** The images that the filter lets through, in the chosen order. */
  get visible(): Int32Array {
    return this.visibleMemo(this.order, this.read().view.filter, this.filterFacts);
  }

  get chipCounts() {
    return this.chipsMemo(this.read().view.filter, this.facts);
  }

  /** Images at or above the threshold, whatever the filter. */
  get flagged(): number {
    return countFrom(this.sorted.score, this.threshold.value);
  }

  get typeCounts() {
    return this.typesMemo(this.read().view.filter, this.filterFacts);
  }

  /** What the filter asks for: where it does not follow the threshold, nothing is filtered anew while that is dragged. */
  private get filterFacts(): Facts {
    const { view, labels, missing, changed } = this.read();
    const threshold = showFollowsThreshold(view.filter.show) ? this.gridThreshold : 0;
    return this.stillFactsMemo(this.table, labels, this.classes, threshold, missing, changed);
  }

  /** The threshold that the grid goes by. */
  private get gridThreshold(): number {
    return this.read().gridThreshold ?? this.threshold.value;
  }

  get histogram() {
    return this.histogramMemo(this.table, this.classes);
  }

  get confusion() {
    return this.confusionMemo(this.classScoresMemo(this.table, this.classes), this.threshold.value);
  }

  get toCheck() {
    return this.checkMemo(this.facts);
  }

  get progress() {
    return this.progressMemo(this.read().labels, this.table.truth);
  }

  /** The run's colour scale. It does not follow the dragged threshold, so that heat holds still. */
  get scale() {
    return this.scaleMemo(this.table, this.snapshot.mapRange);
  }
}
