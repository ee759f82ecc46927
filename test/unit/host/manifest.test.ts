import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Command {
  readonly command: string;
  readonly enablement?: string;
}
interface Manifest {
  readonly extensionKind: readonly string[];
  readonly activationEvents: readonly string[];
  readonly capabilities: Readonly<
    Record<'virtualWorkspaces' | 'untrustedWorkspaces', { readonly supported: unknown; readonly description: string }>
  >;
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly menus: Readonly<Record<string, readonly (Command & { readonly when?: string })[]>>;
    readonly viewsWelcome: readonly { readonly contents: string; readonly when: string }[];
  };
}
const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const { contributes } = manifest;
const nls = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const commands = contributes.commands.map(({ command }) => command);
const register = readFileSync('extension/host/commands/register.ts', 'utf8');

describe('package.json', () => {
  it('declares what is registered, and registers what is declared', () => {
    const registered = [...register.matchAll(/^ {2}(\w+)(?:: async|,)/gm)].map(([, name]) => `musc.${name}`);
    expect([...new Set(registered)].sort()).toEqual([...commands].sort());
  });

  it('has menus of declared commands only', () => {
    for (const [menu, items] of Object.entries(contributes.menus))
      for (const { command } of items) expect(commands, menu).toContain(command);
  });

  it('says in every context menu when an item makes sense', () => {
    for (const [menu, items] of Object.entries(contributes.menus))
      for (const { command, when } of items) expect(when, `${menu}: ${command}`).toBeTruthy();
  });

  it('offers what takes trust only where there is trust', () => {
    const takeTrust = contributes.commands.filter(({ enablement }) => enablement?.includes('isWorkspaceTrusted'));
    const names = new Set(takeTrust.map(({ command }) => command));
    expect(names).toContain('musc.scoreAgain');
    for (const [menu, items] of Object.entries(contributes.menus))
      for (const { command, when } of items)
        if (names.has(command) && when !== 'false') expect(when, `${menu}: ${command}`).toContain('isWorkspaceTrusted');
  });

  it('offers to delete a run, and not to make the first one, wherever any is listed', () => {
    const palette = contributes.menus.commandPalette;
    expect(palette.find(({ command }) => command === 'musc.deleteRun')?.when).toBe('musc.hasRunFiles');
    expect(palette.some(({ command }) => command === 'musc.openRun')).toBe(false); // it opens benchmarks, too, and says where there is nothing
    expect(contributes.viewsWelcome.at(-1)?.when).toContain('musc.looked && !musc.hasRunFiles');
  });

  it('offers for a run that is looked at what is done with it only where it can be read', () => {
    const menus = [...contributes.menus.commandPalette, ...contributes.menus['editor/title']];
    for (const name of ['scoreAgain', 'exportRun', 'importLabels'])
      for (const { command, when } of menus)
        if (command === `musc.${name}`)
          expect(when, command).toMatch(/== musc\.run && .*resourcePath not in musc\.unreadableRuns/);
  });

  it('offers to compare only a run that is looked at beside another of its folder', () => {
    const item = contributes.menus['editor/title'].find(({ command }) => command === 'musc.compareRuns');
    expect(item?.when).toMatch(/== musc\.run && resourcePath in musc\.runsOfSeveral/);
  });

  it('offers to score what the Explorer shows only where that is a folder of this machine, or of the one the window is on', () => {
    const scoring = ['musc.scoreThisFolder', 'musc.scoreWithOptions', 'musc.runBenchmark'];
    const items = contributes.menus['explorer/context'].filter(({ command }) => scoring.includes(command));
    expect(items).toHaveLength(scoring.length);
    for (const { command, when } of items) {
      const [, scheme = '^$'] = /resourceScheme =~ \/(.+?)\/ /.exec(when ?? '') ?? [];
      const taken = ['file', 'vscode-remote', 'vscode-vfs', 'git'].filter((one) => new RegExp(scheme).test(one));
      expect(taken, command).toEqual(['file', 'vscode-remote']);
    }
  });

  it('offers in the runs view what a node can do', () => {
    const offered = (node: string): string[] =>
      contributes.menus['view/item/context']
        .filter(({ when = '' }) => {
          const [, same, pattern] = /viewItem (?:== (\w+)|=~ \/(.+?)\/)/.exec(when) ?? [];
          return when.includes('view == musc.runs') && (same === node || (pattern && new RegExp(pattern).test(node)));
        })
        .map(({ command }) => command.replace('musc.', ''));
    expect(offered('run')).not.toContain('compareRuns');
    expect(offered('runOfSeveral')).toEqual(expect.arrayContaining(['compareRuns', ...offered('run')]));
    expect(offered('scoreJob')).toEqual(['cancelRun', 'watchRun', 'cancelRun']);
    expect(offered('benchJob')).toEqual(['cancelRun', 'cancelRun']);
    const view = readFileSync('extension/host/runs-view.ts', 'utf8');
    for (const node of ['run', 'runOfSeveral', 'damaged', 'folder', 'scoreJob', 'benchJob'])
      expect(view).toContain(`'${node}'`);
  });

  it('has a text for every key, and no text without a key', () => {
    const keys = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    expect([...new Set(keys)].sort()).toEqual(Object.keys(nls).sort());
  });

  it('offers commands in welcome texts and walkthroughs that exist', () => {
    for (const value of Object.values(nls))
      for (const [, command] of value.matchAll(/\(command:(musc\.\w+)\)/g)) expect(commands).toContain(command);
  });
});

describe('where it runs', () => {
  it('is beside the pictures, and never before the editor has started', () => {
    expect(manifest.extensionKind).toEqual(['workspace']);
    expect(manifest.activationEvents).not.toContain('*');
  });

  it.each([
    ['virtualWorkspaces', false],
    ['untrustedWorkspaces', 'limited'],
  ] as const)('in %s is supported: %j, and says why', (kind, supported) => {
    const { description, ...capability } = manifest.capabilities[kind];
    expect(capability).toMatchObject({ supported });
    const [, key = ''] = /^%(.+)%$/.exec(description) ?? [];
    expect(nls[key]).toMatch(/^\S.*\.$/s);
  });
});

it('a run that opened by itself counts as read in the walkthrough', () => {
  expect(text).toContain('"onContext:activeCustomEditorId == musc.run"');
});

describe('l10n', () => {
  it('has every text of the host, the core and the panel in its bundle', async () => {
    const { bundleText } = (await import('../../../build/l10n.mjs' as string)) as { bundleText(): string };
    expect(readFileSync('l10n/bundle.l10n.json', 'utf8')).toBe(bundleText());
  });

  it('has no translation of texts that are gone', () => {
    const known = Object.keys(JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')) as object);
    for (const file of readdirSync('l10n').filter((name) => name !== 'bundle.l10n.json'))
      for (const key of Object.keys(JSON.parse(readFileSync(`l10n/${file}`, 'utf8')) as object))
        expect(known).toContain(key);
  });
});
