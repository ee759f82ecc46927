import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { patchCentre, type PatchMap } from '../model/sample';
import { decoded } from '../state/pictures';
import { tokens } from './style';

/** Patches that a crop shows around the one it is about, to each side. */
const CONTEXT = 2;

/** Pixels of the canvas: of a piece, and the longer side of a whole picture. */
const PIECE = { width: 160, height: 120 };
const WHOLE = 512;

/** A piece of a picture around one patch, or all of it, with the patch marked. */
@customElement('musc-crop')
export class MuscCrop extends LitElement {
  @property({ attribute: false }) uri: string | null | undefined;
  @property({ attribute: false }) grid: Pick<PatchMap, 'width' | 'height'> = { width: 1, height: 1 };
  @property({ attribute: false }) row = 0;
  @property({ attribute: false }) column = 0;
  @property({ type: Boolean }) whole = false;
  @query('canvas') private canvas!: HTMLCanvasElement;

  static override styles = [
    tokens,
    css`
      :host {
        display: block;
      }
      canvas {
        display: block;
        width: 100%;
        height: 100%;
        border-radius: 3px;
        background: var(--tile);
      }
    `,
  ];

  override render() {
    return html`<canvas width=${PIECE.width} height=${PIECE.height}></canvas>`;
  }

  protected override async updated(changed: PropertyValues<this>): Promise<void> {
    const { uri, canvas } = this;
    // What another picture drew must not stand over this one's name.
    if (changed.has('uri')) canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
    if (!uri) return;
    let picture: HTMLImageElement;
    try {
      picture = await decoded(uri);
    } catch {
      return; // The name and the distance are still there.
    }
    if (uri !== this.uri) return;
    const { naturalWidth, naturalHeight } = picture;
    if (this.whole) {
      const scale = WHOLE / Math.max(naturalWidth, naturalHeight);
      [canvas.width, canvas.height] = [naturalWidth * scale, naturalHeight * scale].map(Math.round);
    }
    const { u, v } = patchCentre(this.grid, this.row, this.column);
    const cell = Math.max(naturalWidth / this.grid.width, naturalHeight / this.grid.height);
    const aspect = canvas.width / canvas.height;
    const height = this.whole
      ? naturalHeight
      : Math.min(cell * (2 * CONTEXT + 1), naturalHeight, naturalWidth / aspect);
    const width = Math.min(height * aspect, naturalWidth);
    const left = Math.min(Math.max(u * naturalWidth - width / 2, 0), naturalWidth - width);
    const top = Math.min(Math.max(v * naturalHeight - height / 2, 0), naturalHeight - height);
    const context = canvas.getContext('2d');
    if (!context) return;
    context.drawImage(picture, left, top, width, height, 0, 0, canvas.width, canvas.height);
    const scale = canvas.height / height;
    context.strokeStyle = 'black';
    context.lineWidth = 4;
    const box: [number, number, number, number] = [
      (u * naturalWidth - cell / 2 - left) * scale,
      (v * naturalHeight - cell / 2 - top) * scale,
      cell * scale,
      cell * scale,
    ];
    context.strokeRect(...box);
    context.strokeStyle = 'cyan';
    context.lineWidth = 2;
    context.strokeRect(...box);
  }
}
