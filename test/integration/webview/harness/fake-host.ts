import type { HostMessage, PanelCall, PanelJob } from '../../../../extension/protocol/panel';
import {
  curvesOf,
  DEFAULT_SCENARIO,
  GRID,
  mapOf,
  maskOf,
  neighboursOf,
  OTHER_RUNS,
  otherRunOf,
  picturesOf,
  snapshotOf,
  type Scenario,
} from './scenario';

/** What tests see of the host. */
export interface FakeHost {
  /** Everything the panel has asked, oldest first. */
  readonly calls: PanelCall[];
  /** Everything that the content security policy has refused. */
  readonly violations: string[];
  send(message: HostMessage): void;
}

declare global {
  interface Window {
    fakeHost: FakeHost;
    acquireVsCodeApi(): unknown;
  }
}

const query = new URLSearchParams(location.search);
const scenario: Scenario = { ...DEFAULT_SCENARIO, ...JSON.parse(query.get('scenario') ?? '{}') };
const total = scenario.images;
const snapshot = snapshotOf(scenario);
const calls: PanelCall[] = [];
const violations: string[] = [];

addEventListener('securitypolicyviolation', (e) =>
  violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`),
);

const uriOf = (image: number, size: number) => `/picture/${total}/${size}/${image}.jpg`;

function jobOf(state: PanelJob['state']): PanelJob {
  return {
    state,
    stage: 'features',
    done: 34,
    total: 51,
    secondsLeft: 21,
    item: 'test/good/021.png',
    error: state === 'failed' ? 'DISK_FULL: the disk is full, free some space and run again' : undefined,
    ...(scenario.kind === 'pending'
      ? { pictures: Array.from({ length: 12 }, (_, i) => ({ path: `test/good/0${10 + i}.png`, uri: uriOf(i, 256) })) }
      : {}),
  };
}

function answer(call: Exclude<PanelCall, { cancel: number }>): unknown {
  switch (call.method) {
    case 'ready':
      if (scenario.kind === 'pending') return { pending: { folder: '/data/hazelnut' } };
      if (scenario.kind === 'refused')
        return {
          refused: {
            what: 'This run was made by a newer version of MuSc Inspector.',
            hint: 'Update the extension, or score the folder again.',
          },
        };
      return snapshot;
    case 'thumbnails':
      return call.params.images.map((image) =>
        image < scenario.missing
          ? { image, uri: null, reason: 'moved or deleted' }
          : { image, uri: uriOf(image, call.params.size) },
      );
    case 'picture':
      if (call.params.image < scenario.missing) throw new Error('The picture was moved or deleted.');
      return { uri: uriOf(call.params.image, 512), width: 512, height: 512 };
    case 'maps':
    case 'otherMaps': {
      const all = new Float32Array(call.params.images.length * GRID.height * GRID.width);
      call.params.images.forEach((image, i) => all.set(mapOf(image, total), i * GRID.height * GRID.width));
      const unread = call.params.images.flatMap((image, i) =>
        image < scenario.unread ? [[i, 'the patch scores are damaged'] as const] : [],
      );
      return { scores: all, unread };
    }
    case 'mask':
      if (call.params.image < scenario.unread) throw new Error('the file ends early');
      return scenario.truth ? maskOf(call.params.image, total) : null;
    case 'neighbours':
      return neighboursOf(call.params.image, call.params.row, call.params.column, call.params.k, total);
    case 'pixelCurves':
      return curvesOf();
    case 'checkPictures':
      return picturesOf(scenario);
    case 'otherRuns':
      return total === 0 ? [] : OTHER_RUNS;
    case 'otherRun':
      return otherRunOf(scenario);
    case 'editLabels':
    case 'command':
    case 'dismissJob':
    case 'saveView':
      return null;
  }
}

const send = (message: HostMessage) => window.postMessage(message, '*');

async function receive(call: PanelCall): Promise<void> {
  calls.push(call);
  if ('cancel' in call) return;
  if (scenario.delay > 0) await new Promise((resolve) => setTimeout(resolve, scenario.delay));
  try {
    send({ id: call.id, ok: true, result: answer(call) as never });
  } catch (error) {
    send({ id: call.id, ok: false, error: error instanceof Error ? error.message : String(error) });
  }
  if (call.method === 'ready' && scenario.job) send({ event: 'job', job: jobOf(scenario.job) });
}

window.fakeHost = { calls, violations, send };
window.acquireVsCodeApi = () => ({
  postMessage: (call: PanelCall) => void receive(structuredClone(call)),
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') as unknown,
  setState: (state: unknown) => sessionStorage.setItem('state', JSON.stringify(state)),
});
