/**
 * A canvas in sight that is handed finished bitmaps. Chromium without a graphics card copies a 2D canvas again in some of the
 * frames that are drawn for other reasons, a scroll beside it say; a bitmap is copied once.
 */
export class Surface {
  private readonly hidden = new OffscreenCanvas(1, 1);

  /** An empty context of that many pixels; whatever is drawn is seen after `show`. null: there is none to be had. */
  begin(width: number, height: number): OffscreenCanvasRenderingContext2D | null {
    if (this.hidden.width !== width) this.hidden.width = width;
    if (this.hidden.height !== height) this.hidden.height = height;
    return this.hidden.getContext('2d');
  }

  /** Puts what was drawn since `begin` in place of what the canvas shows. */
  show(canvas: HTMLCanvasElement): void {
    const bitmap = this.hidden.transferToImageBitmap();
    if (canvas.width !== bitmap.width) canvas.width = bitmap.width;
    if (canvas.height !== bitmap.height) canvas.height = bitmap.height;
    canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
  }
}
