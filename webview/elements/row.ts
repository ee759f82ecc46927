import { html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { cellName } from '../model/cell-name';
import { doubtOf } from '../model/doubt';
import { CELL_INSET, type GridLayout, thumbnailSize } from '../model/grid-layout';
import { shareOf } from '../model/histogram';
import { PanelElement } from './base';
import './card';
import { cssProperties } from './css-properties';
import type { CellMarks, HeatLook, MuscRowMarks } from './row-marks';
import './row-marks';

/** An image in sight. */
interface Shown {
  readonly image: number;
  /** undefined: not there yet; null: there is none. */
  readonly uri: string | null | undefined;
  readonly problem: string | undefined;
  /** Why the picture is without its heat. */
  readonly heatProblem: string | undefined;
}

/**
 * One row of the grid. It renders into the grid's own tree, where `aria-activedescendant` finds its cells and the grid's styles
 * hold; as an element of its own it renders alone when scrolling gives it other images or something of theirs arrives.
 */
@customElement('musc-row')
export class MuscRow extends PanelElement {
  @property({ attribute: false, hasChanged: (now: Int32Array, before?: Int32Array) => !sameImages(now, before) })
  images = new Int32Array();
  @property({ attribute: false }) layout!: GridLayout;
  @property({ attribute: false }) look: HeatLook | null = null;
  /** The grid's active image, which has its ring. */
  @property({ attribute: false }) active: number | null = null;

  @query('musc-row-marks') private marked!: MuscRowMarks | null;
  private tickPart = 0;

  /** Where the threshold lies in the run's score range, 0..1. Its ticks move without a rendering. */
  set tick(part: number) {
    this.tickPart = part;
    if (this.marked) this.marked.tick = part;
  }

  protected override createRenderRoot(): this {
    return this;
  }

  /** Of the threshold only on which side of it each image lies. */
  protected override uses(): readonly unknown[] {
    const { phase, labels, missing, selection, current } = this.panel.state;
    const { histogram, table, threshold } = this.panel.derived;
    const flagged = Array.from(this.images, (image) => table.score[image] >= threshold.value);
    return [phase, labels, missing, selection, current, histogram, ...flagged];
  }

  protected override updated(): void {
    this.tick = this.tickPart;
  }

  override render() {
    const { cell } = this.layout;
    const shown = Array.from(this.images, (image) => this.shown(image));
    return html`
      ${shown.map((each, column) => this.cell(each, column))}
      <musc-row-marks
        aria-hidden="true"
        .cells=${shown.map((each) => this.marks(each))}
        .heat=${this.look}
        .cell=${cell}
        ${cssProperties({ left: `${CELL_INSET}px`, top: `${CELL_INSET}px` })}
      ></musc-row-marks>
    `;
  }

  private shown(image: number): Shown {
    const thumbnails = this.panel.thumbnails(thumbnailSize(this.layout, devicePixelRatio));
    const thumbnail = thumbnails.peek(image);
    const problem = thumbnail?.reason ?? thumbnails.errorOf(image) ?? this.panel.missingReason(image);
    const uri = thumbnail?.uri;
    const pictured = uri !== null && problem === undefined;
    return { image, uri, problem, heatProblem: pictured ? this.panel.maps.errorOf(image) : undefined };
  }

  private marks({ image, uri, problem }: Shown): CellMarks {
    const { state, derived, maps } = this.panel;
    const { width, height } = derived.snapshot.run.images[image];
    return {
      map: uri !== null && problem === undefined ? maps.peek(image) : undefined,
      aspect: width / height,
      label: state.labels[image],
      truth: derived.table.truth[image],
    };
  }

  private cell({ image, uri, problem, heatProblem }: Shown, column: number) {
    const { state, derived } = this.panel;
    const { table, facts, threshold } = derived;
    const { cell, height } = this.layout;
    const selected = state.selection.has(image);
    const score = table.score[image];
    return html`
      <div
        class="cell ${selected ? 'selected' : ''} ${image === state.current ? 'current' : ''} ${image === this.active ? 'active' : ''}"
        role="gridcell"
        id="cell-${image}"
        data-image=${image}
        aria-colindex=${column + 1}
        aria-selected=${selected}
        aria-label=${cellName(image, facts, problem, heatProblem)}
        data-rank=${table.rank[image] + 1}
        ${cssProperties({ width: `${cell}px`, height: `${height}px` })}
      >
        <musc-card
          aria-hidden="true"
          .image=${image}
          .path=${table.path[image]}
          .rank=${table.rank[image]}
          .score=${score}
          .share=${Math.max(0.01, shareOf(derived.histogram, score))}
          .flagged=${score >= threshold.value}
          .doubt=${doubtOf(image, facts)}
          .uri=${uri}
          .problem=${problem}
          .heatProblem=${heatProblem}
        ></musc-card>
      </div>
    `;
  }
}

const sameImages = (now: Int32Array, before?: Int32Array): boolean =>
  now.length === before?.length && now.every((image, i) => image === before[i]);
