import { expect, it, vi } from 'vitest';
import { listBackbones, type KnownBackbone } from '../../../extension/core/backbone/registry';
import type { Backbones } from '../../../extension/host/backbones';
import { BackbonesView } from '../../../extension/host/backbones-view';
import { tabChanges } from './fake-vscode';

vi.mock('vscode', async () => ({
  ...(await import('./fake-vscode')),
  MarkdownString: class {
    appendMarkdown = () => this;
    appendText = () => this;
  },
  ThemeColor: class {},
  ThemeIcon: class {},
  TreeItem: class {},
  TreeItemCollapsibleState: {},
}));

const [embedded, ...registry] = await listBackbones();
const hub = registry.find(({ entry }) => entry.source.kind === 'hub');
if (!hub) throw new Error('the registry has no entry of a hub');
const imported: KnownBackbone = {
  file: '/m/own/own.onnx',
  entry: { ...hub.entry, id: 'own', source: { ...embedded.entry.source, kind: 'imported' } as never },
};

const described = (backbone: KnownBackbone): unknown => {
  const backbones = { chosen: hub.entry.id, onDidChange: () => ({ dispose: () => undefined }) };
  return new BackbonesView(backbones as unknown as Backbones).getTreeItem({ kind: 'backbone', backbone }).description;
};

it('says of every backbone on this machine how it came there', () => {
  expect(described(embedded)).toMatch(/^embedded · [\d.]+ MB · \S/);
  expect(described(imported)).toMatch(/^imported · /);
  expect(described({ ...hub, file: '/m/x/x.onnx' })).toMatch(/^in use · installed · /);
  expect(described(hub)).not.toMatch(/embedded|installed|imported/);
});

it('is drawn again when a run comes to the front in whose folder another backbone is in use', () => {
  const backbones = { chosen: hub.entry.id, onDidChange: () => ({ dispose: () => undefined }) };
  const others = tabChanges.listeners.size;
  const view = new BackbonesView(backbones as unknown as Backbones);
  const item = () => String(view.getTreeItem({ kind: 'backbone', backbone: embedded }).description);
  let drawn = 0;
  view.onDidChangeTreeData(() => drawn++);
  expect(item()).not.toMatch(/^in use/);
  tabChanges.fire({});
  expect(drawn).toBe(0);
  backbones.chosen = embedded.entry.id;
  tabChanges.fire({});
  expect([drawn, item()]).toEqual([1, expect.stringMatching(/^in use/)]);
  tabChanges.fire({});
  expect(drawn).toBe(1);
  view.dispose();
  expect(tabChanges.listeners.size).toBe(others);
});
