import path from 'node:path';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Uri, WebviewPanel } from 'vscode';
import { writeBench } from '../../../extension/core/benchmark/bench-store';
import { benchKey } from '../../../extension/core/pipeline/bench-key';
import { BenchDocument } from '../../../extension/host/bench-document';
import { BenchSession } from '../../../extension/host/bench-session';
import type { Host } from '../../../extension/host/host';
import type { BenchRequest } from '../../../extension/protocol/engine';
import { category, sampleBench } from '../../unit/benchmark/sample-bench';
import { temporaryFolder } from '../run/sample-run';
import { EventEmitter, Uri as FakeUri } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
vi.mock('../../../extension/host/commands/score', () => ({ openRunEditor: () => undefined }));
vi.mock('../../../extension/host/commands/benchmark', () => ({}));

const ROOT = sampleBench().dataset.root;
const REQUEST: BenchRequest = { folder: ROOT, protocol: 'reference' };
let active: object[];
let changed: () => void;
let told: { running: boolean }[];
/** A page that shows a document of the request, in which `bottle` is done and `nut` has failed. */
beforeEach(async () => {
  active = [];
  told = [];
  const file = path.join(await temporaryFolder(), `20260102-030405-mvtec-${benchKey(REQUEST)}.musc-bench.json`);
  await writeBench(file, sampleBench({ categories: [category('bottle', 0.9), category('nut', null)] }));
  const messages = new EventEmitter<unknown>();
  const webview = {
    onDidReceiveMessage: messages.event,
    postMessage: (message: { running: boolean }) => told.push(message),
    asWebviewUri: (uri: unknown) => uri,
  };
  const queue = {
    get active() {
      return active;
    },
    onDidChange: (listener: () => void) => ((changed = listener), () => undefined),
  };
  const host = { extensionUri: FakeUri.file('/musc'), scoring: { queue } } as unknown as Host;
  const document = await BenchDocument.open(FakeUri.file(file) as unknown as Uri);
  new BenchSession(document, { webview } as unknown as WebviewPanel, host);
  messages.fire({ do: 'ready' });
  await vi.waitFor(() => expect(told).toHaveLength(1));
});

/** Whether the page says that its benchmark is running, while such a job is. */
function says(request: Partial<BenchRequest>, at: string | null, kind = 'bench'): boolean {
  const progress = at === null ? null : { part: { name: at, index: 0, count: 3 } };
  active = [{ kind, request: { ...REQUEST, ...request }, progress }];
  changed();
  return told.at(-1)!.running;
}

it('a page says that its benchmark is running while that is at a category which is not done in it', () => {
  expect(told[0].running).toBe(false);
  expect([says({}, 'cable'), says({}, 'nut')]).toEqual([true, true]);
  active = [];
  changed();
  expect(told.at(-1)!.running).toBe(false);
});

it.each([
  ['of other settings', { seed: 7 }, 'cable', 'bench'],
  ['of another data set', { folder: '/data/visa' }, 'cable', 'bench'],
  ['of the same settings, begun anew', {}, 'bottle', 'bench'],
  ['that waits for its turn', {}, null, 'bench'],
  ['of its folder', {}, 'cable', 'score'],
])('and not while one %s is', (_, request, at, kind) => {
  expect(says(request, at, kind)).toBe(false);
});
