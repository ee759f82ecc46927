import type { Neighbour, OtherRun, PanelJob, PanelSnapshot } from '../../../../extension/protocol/panel';
import type { Label, RunFile, RunImage } from '../../../../extension/protocol/run-file';

/** What the fake host plays. */
export interface Scenario {
  readonly images: number;
  readonly truth: boolean;
  readonly kind: 'run' | 'pending' | 'refused';
  readonly labels: boolean;
  readonly skipped: number;
  readonly missing: number;
  /** The last so many images' files were replaced since they were scored. */
  readonly changed: number;
  /** The first so many images' patch scores and masks can't be read. */
  readonly unread: number;
  readonly editable: boolean;
  readonly fallback: boolean;
  readonly subsets: number;
  readonly job: PanelJob['state'] | null;
  /** Delay of every answer, ms. */
  readonly delay: number;
}

export const DEFAULT_SCENARIO: Scenario = {
  images: 51,
  truth: true,
  kind: 'run',
  labels: true,
  skipped: 2,
  missing: 0,
  changed: 0,
  unread: 0,
  editable: true,
  fallback: false,
  subsets: 1,
  job: null,
  delay: 0,
};

/** Patch grid of generated runs. */
export const GRID = { height: 37, width: 37 };
const SIDE = 512;

/** A number in 0..1 that is always the same for the same seed. */
export function chance(seed: number): number {
  let x = (seed ^ 0x9e3779b9) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Where a generated picture's defect is, in fractions; null: it has none. One in three pictures has one, one in 40 of many. */
export function defectOf(image: number, total: number): { u: number; v: number; size: number; type: string } | null {
  const share = total <= 200 ? 1 / 3 : 1 / 40;
  if (chance(image * 7 + 1) >= share) return null;
  const type = ['crack', 'hole', 'print'][Math.floor(chance(image * 7 + 2) * 3)];
  return {
    u: 0.38 + 0.24 * chance(image * 7 + 3),
    v: 0.38 + 0.24 * chance(image * 7 + 4),
    size: 0.05 + 0.07 * chance(image * 7 + 5),
    type,
  };
}

function scoreOf(image: number, total: number): number {
  const defect = defectOf(image, total);
  const spread = (chance(image * 7 + 6) + chance(image * 7 + 7) + chance(image * 7 + 8)) / 3 - 0.5;
  return defect ? 0.86 + 1.6 * (defect.size - 0.05) + 0.1 * spread : 0.7 + 0.22 * spread;
}

/** Patch scores of one image: texture, and a bump at the defect whose top is the raw score. */
export function mapOf(image: number, total: number): Float32Array {
  const { height, width } = GRID;
  const map = new Float32Array(height * width);
  const top = scoreOf(image, total);
  const spot = defectOf(image, total) ?? {
    u: 0.3 + 0.4 * chance(image * 11 + 1),
    v: 0.3 + 0.4 * chance(image * 11 + 2),
    size: 0.05,
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [du, dv] = [x / (width - 1) - spot.u, y / (height - 1) - spot.v];
      const bump = Math.exp(-(du * du + dv * dv) / (2 * spot.size * spot.size));
      const base = 0.5 + 0.05 * Math.sin(x / 3 + image) * Math.cos(y / 4) + 0.03 * chance(image * 1369 + y * 37 + x);
      map[y * width + x] = base + (top - base) * bump;
    }
  return map;
}

/** A generated run. */
export function runOf(scenario: Scenario, id = 'run-1'): RunFile {
  const images: RunImage[] = Array.from({ length: scenario.images }, (_, i) => {
    const defect = defectOf(i, scenario.images);
    const type = scenario.truth ? (defect?.type ?? 'good') : '';
    const name = `${String(i).padStart(3, '0')}.png`;
    const score = scoreOf(i, scenario.images);
    return {
      path: scenario.truth ? `test/${type}/${name}` : name,
      type,
      truth: scenario.truth ? (defect ? 'defect' : 'good') : null,
      mask: scenario.truth && defect ? `ground_truth/${type}/${name}` : null,
      bytes: 100_000,
      modified: 0,
      width: SIDE,
      height: SIDE,
      score,
      rawScore: score,
    };
  });
  const value = (v: number) => ({ value: v });
  return {
    format: 'musc-run',
    version: 1,
    id,
    name: 'hazelnut',
    createdAt: '2026-11-24T14:02:00Z',
    appVersion: '0.1.0',
    root: '../../..',
    dataset: { layout: scenario.truth ? 'mvtec' : 'folder', category: null, name: 'hazelnut', notes: [] },
    settings: {
      backbone: 'musc-embedded',
      taps: ['5', '11', '17', '23'],
      degrees: [1, 3, 5],
      keep: [0, 0.3],
      rscin: 'off',
      subsets: scenario.subsets,
      seed: 0,
      protocol: 'exact',
      fit: 'squash',
    },
    backbone: { id: 'dinov2-b', name: 'DINOv2 ViT-B/14', sha256: '', licence: 'Apache-2.0', note: 'general purpose' },
    device: scenario.fallback
      ? { name: 'cpu', label: 'CPU', requested: 'auto', fallback: 'WebGPU: no adapter found' }
      : { name: 'webgpu', label: 'WebGPU', requested: 'auto', fallback: null },
    input: { height: 518, width: 518 },
    grid: GRID,
    images,
    skipped: Array.from({ length: scenario.skipped }, (_, i) => ({
      path: `test/good/broken-${i}.png`,
      reason: 'PICTURE_UNREADABLE: the file ends early',
    })),
    metrics: scenario.truth
      ? {
          image: { auroc: value(0.99), f1max: value(0.944), ap: value(0.979) },
          pixel: {
            auroc: value(0.99),
            f1max: value(0.583),
            ap: value(0.548),
            aupro: { absent: 'no mask could be read' },
          },
        }
      : null,
    seconds: { features: 40, scoring: 30, metrics: 2, total: 72.4 },
  };
}

/** What has become of the pictures. */
export const picturesOf = ({ images, missing, changed }: Scenario): Pick<PanelSnapshot, 'missing' | 'changed'> => ({
  missing: Array.from({ length: missing }, (_, i) => [i, 'moved or deleted']),
  changed: Array.from({ length: changed }, (_, i) => images - changed + i),
});

/** Everything the panel gets at first. */
export function snapshotOf(scenario: Scenario): PanelSnapshot {
  const labels = Array.from({ length: scenario.images }, (_, i): Label | null => {
    if (!scenario.labels || chance(i * 13 + 5) > 0.2) return null;
    if (chance(i * 13 + 6) < 0.15) return 'unsure';
    const truth = defectOf(i, scenario.images) ? 'defect' : 'good';
    return chance(i * 13 + 7) < 0.1 ? (truth === 'good' ? 'defect' : 'good') : truth;
  });
  return {
    run: runOf(scenario),
    labels,
    ...picturesOf(scenario),
    editable: scenario.editable,
    settings: { colormap: 'turbo', heatmapScale: 'run' },
    mapRange: { median: 0.51, max: 1.06 },
    view: null,
  };
}

/** What the panel gets of a run with these scores and nothing known of its images. */
export function scoredSnapshotOf(scores: readonly { score: number; rawScore: number }[]): PanelSnapshot {
  const plain = { ...DEFAULT_SCENARIO, images: scores.length, truth: false, labels: false, skipped: 0 };
  const snapshot = snapshotOf(plain);
  const images = snapshot.run.images.map((image, i) => ({ ...image, ...scores[i] }));
  return { ...snapshot, run: { ...snapshot.run, images } };
}

/** A disc at the defect. */
export function maskOf(image: number, total: number): { width: number; height: number; data: Uint8Array } | null {
  const defect = defectOf(image, total);
  if (!defect) return null;
  const side = 256;
  const data = new Uint8Array(side * side);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const [du, dv] = [x / side - defect.u, y / side - defect.v];
      const wobble = 1 + 0.25 * Math.sin(5 * Math.atan2(dv, du));
      if (Math.hypot(du, dv) < defect.size * 1.2 * wobble) data[y * side + x] = 1;
    }
  return { width: side, height: side, data };
}

export function neighboursOf(image: number, row: number, column: number, k: number, total: number): Neighbour[] {
  const base = mapOf(image, total)[row * GRID.width + column];
  return Array.from({ length: k }, (_, i) => ({
    image: (image + 1 + i * 3) % total,
    row,
    column,
    distance: base - 0.03 * (k - i) + 0.1,
  }));
}

/** Plausible pixel curves. */
export function curvesOf(): { roc: [number, number][]; pr: [number, number][]; pro: [number, number][] } {
  const steps = Array.from({ length: 101 }, (_, i) => i / 100);
  return {
    roc: steps.map((x) => [x, x ** 0.08]),
    pr: steps.map((x) => [x, 1 - 0.9 * x ** 2]),
    // Few points, as a thinned curve has on a straight piece: none at the end of the axis.
    pro: [
      [0, 0],
      [0.02, 0.7],
      [0.12, 0.85],
      [0.8, 0.98],
      [1, 1],
    ],
  };
}

export const OTHER_RUNS: readonly OtherRun[] = [
  { id: 'run-2', name: 'hazelnut', createdAt: '2026-11-23T09:30:00Z', backbone: 'CLIP ViT-L/14-336', images: 50 },
];

/** The same folder with another backbone: scores shuffled a little, one picture fewer. */
export function otherRunOf(scenario: Scenario): RunFile {
  const run = runOf(scenario, 'run-2');
  const images = run.images.slice(0, -1).map((image, i) => {
    const score = image.score + 0.12 * (chance(i * 17 + 3) - 0.5);
    return { ...image, score, rawScore: score };
  });
  const { metrics } = run;
  return {
    ...run,
    images,
    backbone: { ...run.backbone, id: 'clip-l', name: 'CLIP ViT-L/14-336' },
    metrics: metrics && { ...metrics, image: { ...metrics.image, auroc: { value: 0.962 } } },
  };
}
