import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { sortedScores } from '../../extension/protocol/map-threshold';
import { customElement, query } from 'lit/decorators.js';
import { colormapTable, type Colormap } from '../../extension/protocol/colormap';
import { pictureScale } from '../../extension/protocol/heat-scale';
import type { RunFile } from '../../extension/protocol/run-file';
import { LatestPicture } from '../controllers/latest-picture';
import {
  classesThere,
  flagsAt,
  labelFigures,
  paired,
  sharedScores,
  thresholdThere,
  thresholdWords,
  type Pairing,
} from '../model/compare';
import { rankedCounts } from '../model/curve';
import * as format from '../model/format';
import type { PatchMap } from '../model/sample';
import { classesOf, type Table } from '../model/table';
import { heatmapUnread, maskUnread, otherHeatmapUnread } from '../model/unread-text';
import { BatchCache } from '../state/batch-cache';
import { patchMaps } from '../state/patch-maps';
import { memo } from '../state/store';
import type { Other } from '../state/state';
import { PanelElement } from './base';
import './compare-choice';
import './compare-images';
import { compareStyle, metricTable, settingTable } from './compare-tables';
import './icon';
import './problem-note';
import './stage';
import type { Half, MuscStage } from './stage';
import type { Heat } from '../controllers/stage-painter';
import { controls, tokens } from './style';
import { tableStyle } from './table-style';

/** Two runs of one folder: what differs in settings, metrics, ranks and flags, and their maps side by side. */
@customElement('musc-compare-pane')
export class MuscComparePane extends PanelElement {
  @query('musc-stage') private stage!: MuscStage | null;
  private readonly latest = new LatestPicture(this, () => this.panel);
  private otherMaps: BatchCache<PatchMap> | null = null;
  private mapsOf: Other | null = null;
  private unlisten: (() => void) | undefined;

  private readonly pairing = memo(paired);
  private readonly flags = memo(flagsAt);
  private readonly metrics = memo(metricTable);
  private readonly settings = memo(settingTable);
  private readonly colours = memo((name: Colormap) => colormapTable(name));
  private readonly scales = [memo(pictureScale), memo(pictureScale)];
  private readonly otherClasses = memo(classesThere);
  private readonly otherSorted = memo(sortedScores);
  private readonly otherRanked = memo((table: Table, classes: Int8Array) =>
    rankedCounts(table.score, table.ranking, classes),
  );
  private readonly shared = memo(sharedScores);
  private readonly otherThreshold = memo(thresholdThere);
  private readonly labelClasses = memo(classesOf);
  private readonly byLabels = memo(labelFigures);

  static override styles = [
    tokens,
    controls,
    tableStyle,
    compareStyle,
    css`
      :host {
        padding: 10px 12px 20px;
      }
      musc-stage {
        height: 280px;
        flex: none;
      }
      h2 {
        margin: 8px 0 0;
        font-size: 1em;
        font-weight: 600;
        color: var(--strong);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    const stop = this.panel.maps.subscribe(() => this.requestUpdate());
    this.unlisten = stop;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten?.();
  }

  protected override willUpdate(): void {
    super.willUpdate();
    const { other, current } = this.panel.state;
    if (other !== this.mapsOf) {
      this.mapsOf = other;
      this.otherMaps?.clear();
      this.otherMaps = other && this.mapsFrom(other);
    }
    const pair =
      other && current !== null ? this.pairing(this.panel.derived.table, other.table).of[current] : undefined;
    if (pair) this.otherMaps?.want([pair.other]);
  }

  /** Zoom and pan keys reach the picture from anywhere in the panel. */
  handleKey(event: KeyboardEvent): boolean {
    return this.stage?.handleKey(event) ?? false;
  }

  private mapsFrom(other: Other): BatchCache<PatchMap> {
    const cache = new BatchCache<PatchMap>(
      async (images, signal) => {
        const answer = await this.panel.channel.call('otherMaps', { run: other.run.id, images }, signal);
        return patchMaps(other.run.grid, images.length, answer);
      },
      { batch: 16, parallel: 1, capacity: 64 },
    );
    cache.subscribe(() => this.requestUpdate());
    return cache;
  }

  override render() {
    const { other } = this.panel.state;
    return html`<musc-compare-choice .panel=${this.panel}></musc-compare-choice> ${other ? this.body(other) : nothing}`;
  }

  private body(other: Other) {
    const { derived } = this.panel;
    const { table, classes, against, threshold } = derived;
    const { run } = derived.snapshot;
    const otherClasses = this.otherClasses(table, classes, against, other.table);
    const rule = this.panel.state.view.threshold;
    const pairing = this.pairing(table, other.table);
    const shared = this.shared(pairing, table, other.table);
    const [ranked, sorted] = [this.otherRanked(other.table, otherClasses), this.otherSorted(other.table)];
    const there = this.otherThreshold(rule, threshold, shared, ranked, sorted);
    const unmeasured = !run.metrics || !other.run.metrics;
    const byLabels = against === 'labels' || unmeasured ? this.byLabels(table, this.labelled, other.table) : null;
    return html`
      ${this.maps(other, pairing, there.map)}
      <h2>${l10n.t('Metrics')}</h2>
      ${this.metrics(run, other.run, byLabels, pairing.onlyHere, pairing.onlyThere)}
      <h2>${l10n.t('Settings that differ')}</h2>
      ${this.settings(run, other.run)}
      <h2>${l10n.t('Images')}</h2>
      <musc-compare-images
        .panel=${this.panel}
        .pairing=${pairing}
        .flags=${this.flags(table, threshold.value, other.table, there.value)}
        .how=${thresholdWords(threshold, there, against)}
      ></musc-compare-images>
    `;
  }

  /** Reviewers' labels as classes, whatever the panel measures against. */
  private get labelled(): Int8Array {
    return this.labelClasses(this.panel.derived.table, this.panel.state.labels, 'labels');
  }

  private maps(other: Other, pairing: Pairing, otherLine: number) {
    const { current, selection, view } = this.panel.state;
    if (current === null) return nothing;
    const pair = pairing.of[current];
    const { table, snapshot, mapThreshold: line } = this.panel.derived;
    const here = this.panel.maps.peek(current);
    const there = pair && this.otherMaps?.peek(pair.other);
    const colours = this.colours(view.heat.colormap ?? snapshot.settings.colormap);
    const opacity = view.heat.on ? view.heat.opacity : 0;
    const heat = (map: PatchMap | undefined, slot: 0 | 1, at: number): Heat | null => {
      const contour = view.heat.contour ? at : null;
      return map ? { map, colours, opacity, scale: this.scales[slot](map.data), contour } : null;
    };
    const halves = [
      half(snapshot.run, here, this.panel.maps.errorOf(current)),
      pair
        ? half(other.run, there, this.otherMaps?.errorOf(pair.other))
        : { title: other.run.backbone.name, absent: l10n.t('This image is not in the other run.') },
    ];
    const { width, height } = snapshot.run.images[current];
    return html`<musc-stage
        .picture=${this.latest.source}
        .pictureSize=${this.latest.sizeOr({ width, height })}
        .heat=${heat(there, 1, otherLine)}
        .leftHeat=${heat(here, 0, line)}
        .halves=${halves}
        .mask=${this.latest.mask}
        .outline=${view.heat.outline}
        .fill=${view.heat.fill}
        .arrangement=${'side'}
        .label=${pair ? l10n.t('{0}: maps of both runs', table.path[current]) : l10n.t('{0}: map of this run', table.path[current])}
      ></musc-stage>
      ${this.problems(current, pair?.other)}
      <p>
        ${format.shortPath(table.path[current])}:
        ${
          pair
            ? l10n.t(
                'rank {0} here, {1} there. Colours on each picture’s own scale: two runs share none.',
                pair.rank + 1,
                pair.otherRank + 1,
              )
            : l10n.t('only in this run.')
        }
        ${selection.size > 1 ? l10n.t('Labels go to all {0} selected images.', format.count(selection.size)) : nothing}
      </p>`;
  }

  /** What of the image can't be shown, and why; `there`: its place in the other run, where it is in it. */
  private problems(current: number, there: number | undefined) {
    const { latest, panel, otherMaps } = this;
    const picture = panel.missingReason(current) ?? latest.problem;
    const map = panel.maps.errorOf(current);
    const otherMap = there === undefined ? undefined : otherMaps?.errorOf(there);
    const mask = picture === undefined ? latest.maskProblem : undefined;
    const problems = [
      picture,
      map && heatmapUnread(map),
      otherMap && otherHeatmapUnread(otherMap),
      mask && maskUnread(mask),
    ];
    return problems.filter(Boolean).map((problem) => html`<musc-problem-note>${problem}</musc-problem-note>`);
  }
}

/** A run's side of the maps, of an image that is in it. */
const half = ({ backbone }: RunFile, map: PatchMap | undefined, error: string | undefined): Half => ({
  title: backbone.name,
  absent: map ? null : error === undefined ? l10n.t('Loading …') : l10n.t('No heatmap'),
});
