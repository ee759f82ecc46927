import { engineCall, engineRequests, wireError, type EngineMethod } from '../../../extension/protocol/engine';
import { panelJob, panelRequests, panelSnapshot, type PanelRequestName } from '../../../extension/protocol/panel';
import { toMuscError } from '../../../extension/core/errors';
import { safeParse } from '../../../extension/core/safe-parse';
import { fromWire } from '../../../extension/core/wire-error';
import { anyValue, mutateValue } from '../mutate-value';
import type { Random } from '../random';
import { mustHold, type FuzzTarget } from '../target';
import { runSeed } from './document-seeds';

/** What only structured clones can be. */
const clones = (random: Random): unknown =>
  random.pick([undefined, 1n, new Map([[1, 2]]), new Uint8Array(3), new Date(0), [, 1], new Error('x'), /x/]);

const panelCalls: { [N in PanelRequestName]: object } = {
  ready: {},
  thumbnails: { images: [0, 1], size: 256 },
  picture: { image: 0 },
  maps: { images: [0] },
  mask: { image: 0 },
  neighbours: { image: 0, row: 1, column: 1, k: 3 },
  pixelCurves: {},
  editLabels: { changes: [{ image: 0, label: 'good' }] },
  command: { name: 'export', images: [0] },
  dismissJob: {},
  saveView: { view: { sort: 'score' } },
  checkPictures: {},
  otherRuns: {},
  otherRun: { run: 'a' },
  otherMaps: { run: 'a', images: [0] },
};
const panelNames = Object.keys(panelRequests) as PanelRequestName[];

/** Indices of a message that was let through. */
function* indices(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (['image', 'row', 'column'].includes(key)) yield inner;
    else if (key === 'images' && Array.isArray(inner)) yield* inner;
    else if (key === 'changes') for (const change of inner as unknown[]) yield* indices(change);
  }
}

interface Call {
  readonly name: string;
  readonly params: unknown;
}

const panel: FuzzTarget<Call> = {
  name: 'panel-messages',
  codes: [],
  generate: (random) => {
    const name = random.pick(panelNames);
    return { name, params: random.chance(0.1) ? clones(random) : mutateValue(panelCalls[name], random) };
  },
  run: ({ name, params }) => {
    const parsed = safeParse(panelRequests[name as PanelRequestName], params);
    if (!parsed.success) return false;
    for (const index of indices(parsed.data))
      mustHold(Number.isSafeInteger(index) && (index as number) >= 0, 'indices are indices');
    mustHold(name === 'saveView' || JSON.stringify(parsed.data).length < 5_000_000, 'no message is endless');
    return true;
  },
};

const engineCalls: { [M in EngineMethod]: object } = {
  score: { folder: '/data', degrees: [1, 3], keep: [0, 0.3], rscin: 'off', device: 'cpu', taps: ['a'] },
  bench: { folder: '/data', category: 'all', categories: ['a', 'b, c'] },
  estimate: { folder: '/data', imageSize: 224 },
  categories: { folder: '/data' },
  thumbnails: { files: ['/data/a.png'], size: 256, cache: '/cache', protocol: 'exact' },
  displayCopy: { file: '/data/a.png', cache: '/cache', protocol: 'reference' },
  mask: { run: '/data/run.musc.json', image: 0, longest: 1024 },
  neighbours: { run: '/data/run.musc.json', image: 0, row: 0, column: 0, k: 3 },
  pixelCurves: { run: '/data/run.musc.json' },
  exportRun: { run: '/data/run.musc.json', format: 'csv', out: '/out.csv', options: { threshold: 0.5 } },
  exportBench: { files: ['/data/a.musc-bench.json'], format: 'csv', out: '/out.csv' },
};
const methods = Object.keys(engineRequests) as EngineMethod[];

const engine: FuzzTarget<unknown> = {
  name: 'engine-calls',
  codes: [],
  generate: (random) => {
    const method = random.pick(methods);
    const call = { id: 1, method, params: engineCalls[method] };
    return random.chance(0.1)
      ? random.pick([clones(random), { ...call, params: clones(random) }])
      : mutateValue(call, random);
  },
  run: (input) => {
    const call = engineCall.safeParse(input);
    if (!call.success || 'cancel' in call.data) return call.success;
    const { method, params } = call.data;
    mustHold(Object.hasOwn(engineRequests, method), 'only methods there are');
    const parsed = safeParse(engineRequests[method], params);
    if (parsed.success)
      for (const index of indices(parsed.data))
        mustHold(Number.isSafeInteger(index) && (index as number) >= 0, 'indices are indices');
    return parsed.success;
  },
};

/** What the panel gets, and errors as they come from another process. */
const snapshot = {
  run: runSeed(),
  labels: ['good', null],
  missing: [[1, 'gone']],
  editable: true,
  settings: { colormap: 'turbo', heatmapScale: 'run' },
  view: null,
};
const answers: FuzzTarget<unknown> = {
  name: 'panel-answers',
  codes: [],
  generate: (random) =>
    random.pick([
      () => mutateValue(snapshot, random),
      () => mutateValue({ state: 'running', stage: 'features', done: 1, total: 2, secondsLeft: null }, random),
      () => mutateValue({ code: 'FILE_IO', message: 'x', where: 'y' }, random),
      () => anyValue(random),
    ])(),
  run: (input) => {
    const understood = safeParse(panelSnapshot, input).success || safeParse(panelJob, input).success;
    const error = wireError.safeParse(input);
    if (error.success) mustHold(!fromWire(error.data).toLine().includes('\n'), 'an error is one line');
    mustHold(toMuscError(input).code.length > 0, 'anything thrown has a code');
    return understood || error.success;
  },
};

export const messageTargets: readonly FuzzTarget[] = [panel, engine, answers] as readonly FuzzTarget[];
