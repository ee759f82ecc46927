/** A decoded picture: 8-bit, interleaved, row-major, `width * height * channels` bytes. 3 channels are RGB, 1 is grey. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}
