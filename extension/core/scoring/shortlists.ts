/** For every patch the images most likely to hold its nearest patches, best first. */
export interface Shortlists {
  /** Images listed per patch. */
  readonly length: number;
  /** N x P x length image indices. */
  readonly images: Uint32Array;
}
