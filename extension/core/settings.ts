/** `reference` does bit for bit what the authors' code does; `exact` is the mathematically clean version. */
export type Protocol = 'exact' | 'reference';

export const DEVICES = ['auto', 'cpu', 'webgpu', 'cuda', 'directml', 'coreml'] as const;
export type DeviceChoice = (typeof DEVICES)[number];
/** `squash` resizes to a square (the paper's way); `keep` keeps the aspect ratio, sides multiples of the patch. */
export type Fit = 'squash' | 'keep';

/** Window sizes of LNAMD in the paper (3.1). */
export const PAPER_DEGREES: readonly number[] = [1, 3, 5];

/** Everything that decides a run's figures. Paper defaults: degrees 1,3,5; keep 0..0.3; RsCIN 1,2,3. */
export interface ScoreSettings {
  readonly backbone: string;
  /** Tap names or block indices; 'auto' is the backbone's own default. */
  readonly taps: readonly string[] | 'auto';
  /** Side of the square model input in pixels; null: the backbone's recommended size. */
  readonly imageSize: number | null;
  readonly fit: Fit | 'auto';
  /** Odd window sizes r of LNAMD (paper 3.1); 'auto' is the backbone's own default. */
  readonly degrees: readonly number[] | 'auto';
  /** Interval [min, max) of ranks kept by MSM (paper 3.2): below 1 a fraction of N - 1, from 1 a count. */
  readonly keep: readonly [number, number];
  /** K list of RsCIN (paper 3.3), 'off', or 'auto': the backbone's and data set's default. */
  readonly rscin: readonly number[] | 'off' | 'auto';
  /** Number of subsets s (paper 4.3, divide_num); 1: all pairs; 'auto': by size and time. */
  readonly subsets: number | 'auto';
  readonly seed: number;
  readonly device: DeviceChoice;
  readonly protocol: Protocol;
  /** Worker threads; 0: one per core. */
  readonly threads: number;
  /** Memory budget in bytes for features and distances; 0: half the machine's memory. */
  readonly memoryBytes: number;
}

/** Settings of a run whose backbone is open: nothing that the scoring asks for is left to it. */
export type SettledSettings = ScoreSettings & { readonly degrees: readonly number[] };

export const DEFAULT_SETTINGS: ScoreSettings = {
  backbone: 'musc-embedded',
  taps: 'auto',
  imageSize: null,
  fit: 'auto',
  degrees: 'auto',
  keep: [0, 0.3],
  rscin: 'auto',
  subsets: 1,
  seed: 0,
  device: 'auto',
  protocol: 'exact',
  threads: 0,
  memoryBytes: 0,
};
