import { beforeEach, expect, it, vi } from 'vitest';
import { registerCommands } from '../../../extension/host/commands/register';
import type { Host } from '../../../extension/host/host';
import manifest from '../../../package.json';
import { user, window } from './fake-vscode';

const { registered, ran } = vi.hoisted(() => ({
  registered: new Map<string, (...args: unknown[]) => unknown>(),
  ran: [] as unknown[],
}));
vi.mock('vscode', async () => {
  const fake = await import('./fake-vscode');
  const registerCommand = (name: string, run: () => unknown) => (
    registered.set(name, run),
    { dispose: () => undefined }
  );
  return { ...fake, commands: { ...fake.commands, registerCommand } };
});
/** Every room, whose commands only say that they ran. */
vi.mock('../../../extension/host/load-rooms', () => {
  const room = new Proxy({}, { get: (_, name) => () => void ran.push(name) });
  return {
    loadRooms: () => Promise.resolve(new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : room) })),
  };
});

registerCommands({ catalogue: { refresh: () => undefined }, channel: { show: () => undefined } } as unknown as Host);
const run = async (name: string) => registered.get(name)!();
/** Commands that the editor's own menus leave out in restricted mode. Links lead to them all the same. */
const needTrust = manifest.contributes.commands
  .filter(({ enablement }) => enablement?.includes('isWorkspaceTrusted'))
  .map(({ command }) => command)
  .filter((command) => command !== 'musc.importLabels'); // the run that it opens refuses labels by itself
beforeEach(() => {
  ran.length = 0;
  user.errors.length = 0;
  user.ran.length = 0;
  user.trusted = true;
});

it.each(needTrust)('%s does nothing in restricted mode but say so, with the way to trust', async (name) => {
  user.trusted = false;
  vi.spyOn(window, 'showErrorMessage').mockImplementationOnce((text, ...actions: unknown[]) => {
    user.errors.push(text);
    return Promise.resolve(actions[0] as undefined);
  });
  await run(name);
  expect(ran).toEqual([]);
  expect(user.errors).toEqual(['In restricted mode nothing is scored, made or installed. Trust this window first.']);
  expect(user.ran).toEqual([['workbench.trust.manage']]);
  user.trusted = true;
  await run(name);
  expect(ran).toEqual([name.slice('musc.'.length)]);
});

it.each(['musc.openRun', 'musc.exportRun', 'musc.removeBackbone', 'musc.openWalkthrough'])(
  '%s needs no trust',
  async (name) => {
    user.trusted = false;
    await run(name);
    expect([ran, user.errors]).toEqual([[name.slice('musc.'.length)], []]);
  },
);
