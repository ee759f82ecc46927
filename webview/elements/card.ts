import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { LABEL_MARKS } from '../model/cell-name';
import type { Doubt } from '../model/doubt';
import * as format from '../model/format';
import { heatPixels, isHot, type HeatScale } from '../model/heat';
import type { PatchMap } from '../model/sample';
import { DEFECT, NONE } from '../model/table';
import { cardStyle } from './card-style';
import { cssProperties } from './css-properties';
import './icon';
import { tokens } from './style';

/** How heat is coloured; one object for all cards, so that comparing it by identity is enough. */
export interface HeatLook {
  readonly scale: HeatScale;
  readonly colours: Uint8Array;
  readonly opacity: number;
}

/** Longest side of a card's heat in pixels: finer than the patch grid, coarse enough to draw dozens in a frame. */
const HEAT_SIDE = 96;

/** One image of the grid. Knows nothing of the panel: the grid sets what it shows. */
@customElement('musc-card')
export class MuscCard extends LitElement {
  @property({ attribute: false }) image = -1;
  @property({ attribute: false }) path = '';
  @property({ attribute: false }) rank = 0;
  @property({ attribute: false }) score = 0;
  /** Share of the run's score range, 0..1. */
  @property({ attribute: false }) share = 0;
  @property({ attribute: false }) flagged = false;
  @property({ attribute: false }) label = NONE;
  @property({ attribute: false }) truth = NONE;
  @property({ attribute: false }) doubt: Doubt | null = null;
  @property({ attribute: false }) uri: string | null | undefined;
  @property({ attribute: false }) problem: string | undefined;
  @property({ attribute: false }) aspect = 1;
  @property({ attribute: false }) map: PatchMap | undefined;
  @property({ attribute: false }) heat: HeatLook | null = null;

  /**
   * Where the threshold lies in the run's score range, 0..1. Set outside of Lit's cycle: while it is dragged it changes for
   * every card at every frame, and nothing else does.
   */
  set tick(part: number) {
    const transform = `translateX(${(Math.min(Math.max(part, 0), 0.995) * 100).toFixed(2)}%)`;
    if (transform === this.tickTransform) return;
    this.tickTransform = transform;
    this.placeTick();
  }

  private tickTransform = '';
  /** What the canvas was last drawn from. */
  private drawn: { map?: PatchMap; heat: HeatLook | null; aspect: number } = { heat: null, aspect: 0 };
  @query('.tick', true) private tickMark!: HTMLElement | null;
  @query('canvas') private canvas!: HTMLCanvasElement | null;

  static override styles = [tokens, cardStyle];

  override render() {
    const missing = this.uri === null || this.problem !== undefined;
    const file = format.lastPart(this.path);
    const folder = format.shortPath(this.path).slice(0, -file.length);
    return html`
      <div class="picture">
        ${
          this.uri && !missing
            ? keyed(this.uri, html`<img src=${this.uri} alt="" decoding="async" draggable="false" />`)
            : nothing
        }
        <canvas hidden ${cssProperties({ opacity: this.heat?.opacity ?? 0 })}></canvas>
        ${
          missing
            ? html`<div class="problem"><musc-icon name="warning"></musc-icon>${this.problem ?? 'not found'}</div>`
            : nothing
        }
        ${this.label === NONE ? nothing : html`<span class="badge l${this.label}">${LABEL_MARKS[this.label]}</span>`}
        ${this.truth === DEFECT ? html`<span class="truth"></span>` : nothing}
      </div>
      <div class=${this.flagged ? 'flagged' : ''}>
        <div class="bar">
          <div class="fill" ${cssProperties({ transform: `scaleX(${this.share.toFixed(4)})` })}></div>
          <div class="tick"></div>
        </div>
        <div class="line">
          <span class="rank">${this.rank + 1}</span>
          <span class="name"><span class="folder">${folder}</span><span>${file}</span></span>
          <span class=${this.doubt ? 'doubt' : ''}
            >${
              this.doubt === 'truth' || this.doubt === 'label' ? html`<musc-icon name="question"></musc-icon>` : nothing
            }${format.score(this.score)}</span
          >
        </div>
      </div>
    `;
  }

  protected override updated(): void {
    this.drawHeat();
  }

  protected override firstUpdated(): void {
    this.placeTick();
  }

  private placeTick(): void {
    if (this.hasUpdated) this.tickMark?.style.setProperty('transform', this.tickTransform);
  }

  /** A thumbnail, its map and its image come one after another: drawn again only where the heat itself is another. */
  private drawHeat(): void {
    const { canvas, heat, aspect, drawn } = this;
    const map = this.uri !== null && this.problem === undefined ? this.map : undefined;
    if (!canvas || (drawn.map === map && drawn.heat === heat && drawn.aspect === aspect)) return;
    this.drawn = { map, heat, aspect };
    const hot = map && heat && isHot(map, heat.scale);
    // A canvas in sight costs the browser a layer at every frame, and so does each mark above it; most pictures are not hot.
    canvas.hidden = !hot;
    if (!hot) return;
    const context = canvas.getContext('2d');
    const width = Math.max(1, Math.round(aspect >= 1 ? HEAT_SIDE : HEAT_SIDE * aspect));
    const height = Math.max(1, Math.round(aspect >= 1 ? HEAT_SIDE / aspect : HEAT_SIDE));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context?.putImageData(new ImageData(heatPixels(map, width, height, heat.scale, heat.colours), width, height), 0, 0);
  }
}
