import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { colormapTable, type Colormap } from '../../extension/protocol/colormap';
import type { OtherRun } from '../../extension/protocol/panel';
import { pictureScale } from '../../extension/protocol/heat-scale';
import { LatestPicture } from '../controllers/latest-picture';
import {
  classesThere,
  compared,
  labelFigures,
  thresholdThere,
  thresholdWords,
  type Comparison,
} from '../model/compare';
import * as format from '../model/format';
import type { PatchMap } from '../model/sample';
import { heatmapUnread, maskUnread, otherHeatmapUnread } from '../model/unread-text';
import { BatchCache } from '../state/batch-cache';
import { patchMaps } from '../state/patch-maps';
import { memo } from '../state/store';
import type { Other } from '../state/state';
import { PanelElement } from './base';
import './compare-images';
import { compareStyle, metricTable, settingTable } from './compare-tables';
import './icon';
import './problem-note';
import './stage';
import type { Heat } from '../controllers/stage-painter';
import { controls, tokens } from './style';
import { tableStyle } from './table-style';

/** Two runs of one folder: what differs in settings, metrics, ranks and flags, and their maps side by side. */
@customElement('musc-compare-pane')
export class MuscComparePane extends PanelElement {
  @state() private runs: readonly OtherRun[] | null = null;
  private readonly latest = new LatestPicture(this, () => this.panel);
  private otherMaps: BatchCache<PatchMap> | null = null;
  private mapsOf: Other | null = null;
  private unlisten: (() => void) | undefined;

  private readonly comparison = memo(compared);
  private readonly colours = memo((name: Colormap) => colormapTable(name));
  private readonly scales = [memo(pictureScale), memo(pictureScale)];
  private readonly otherClasses = memo(classesThere);
  private readonly otherThreshold = memo(thresholdThere);
  private readonly byLabels = memo(labelFigures);

  static override styles = [
    tokens,
    controls,
    tableStyle,
    compareStyle,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 8px;
        padding: 10px 12px 20px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
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
    void this.list();
    const stop = this.panel.maps.subscribe(() => this.requestUpdate());
    this.unlisten = stop;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten?.();
  }

  private async list(): Promise<void> {
    try {
      this.runs = await this.panel.channel.call('otherRuns', {});
    } catch {
      this.runs = [];
    }
  }

  protected override willUpdate(): void {
    super.willUpdate();
    const { other, current } = this.panel.state;
    if (other !== this.mapsOf) {
      this.mapsOf = other;
      this.otherMaps?.clear();
      this.otherMaps = other && this.mapsFrom(other);
    }
    const there = other && current !== null ? other.table.path.indexOf(this.panel.derived.table.path[current]) : -1;
    if (there >= 0) this.otherMaps?.want([there]);
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
    return html`${this.chooser()} ${other ? this.body(other) : nothing}`;
  }

  private chooser() {
    if (this.runs === null) return html`<p>${l10n.t('Looking for other runs of this folder …')}</p>`;
    if (this.runs.length === 0)
      return html`<p>
          ${l10n.t(
            'There is no other run of this folder yet. Score it again with another backbone or other settings, then compare.',
          )}
        </p>
        <div class="row">
          <button class="primary" @click=${() => this.panel.command('scoreAgain')}>${l10n.t('Score again')}</button>
        </div>`;
    const chosen = this.panel.state.view.compared ?? '';
    return html`<div class="row">
      <label for="run">${l10n.t('Compare with')}</label>
      <select
        id="run"
        @change=${(e: Event) => void this.panel.comparing.choose((e.target as HTMLSelectElement).value || null)}
      >
        <option value="" .selected=${live(chosen === '')}>${l10n.t('choose a run …')}</option>
        ${this.runs.map(
          (r) =>
            html`<option value=${r.id} .selected=${live(r.id === chosen)}>
              ${format.moment(r.createdAt)} · ${r.backbone} · ${l10n.t('{0} images', format.count(r.images))}
            </option>`,
        )}
      </select>
    </div>`;
  }

  private body(other: Other) {
    const { derived } = this.panel;
    const { table, classes, against, threshold, flagged } = derived;
    const otherClasses = this.otherClasses(table, classes, against, other.table);
    const rule = this.panel.state.view.threshold;
    const there = this.otherThreshold(rule, threshold, flagged, other.table, otherClasses);
    const comparison = this.comparison(table, threshold.value, other.table, there.value);
    const byLabels = against === 'labels' ? this.byLabels(table, classes, other.table) : null;
    return html`
      ${this.maps(other, comparison, there.map)}
      <h2>${l10n.t('Metrics')}</h2>
      ${metricTable(derived.snapshot.run, other.run, byLabels)}
      <h2>${l10n.t('Settings that differ')}</h2>
      ${settingTable(derived.snapshot.run, other.run)}
      <h2>${l10n.t('Images')}</h2>
      <musc-compare-images
        .panel=${this.panel}
        .comparison=${comparison}
        .how=${thresholdWords(threshold, flagged, there, against)}
      ></musc-compare-images>
    `;
  }

  private maps(other: Other, comparison: Comparison, otherLine: number) {
    const { current, view } = this.panel.state;
    if (current === null) return nothing;
    const pair = comparison.pairs.find((p) => p.image === current);
    const { table, snapshot, mapThreshold: line } = this.panel.derived;
    const here = this.panel.maps.peek(current);
    const there = pair && this.otherMaps?.peek(pair.other);
    const colours = this.colours(view.heat.colormap ?? snapshot.settings.colormap);
    const heat = (map: PatchMap | undefined, slot: 0 | 1, contour: number, title: string): Heat | null =>
      map ? { map, colours, opacity: view.heat.opacity, scale: this.scales[slot](map.data), contour, title } : null;
    const { width, height } = snapshot.run.images[current];
    return html`<musc-stage
        .picture=${this.latest.source}
        .pictureSize=${this.latest.sizeOr({ width, height })}
        .heat=${heat(there, 1, otherLine, other.run.backbone.name)}
        .leftHeat=${heat(here, 0, line, snapshot.run.backbone.name)}
        .mask=${this.latest.mask}
        .outline=${view.heat.outline}
        .arrangement=${'side'}
        .label=${l10n.t('{0}: maps of both runs', table.path[current])}
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
