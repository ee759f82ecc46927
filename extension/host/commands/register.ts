import { commands, type Disposable, l10n, Uri, workspace } from 'vscode';
import { MuscError } from '../../core/errors';
import type { Host } from '../host';
import { loadRooms } from '../load-rooms';
import { showError } from '../messages';
import type { RunArgument } from '../run-argument';

type Command = (host: Host, argument: RunArgument, selected?: readonly unknown[]) => unknown;
type NodeCommand = (host: Host, node: unknown) => unknown;

/** The commands of package.json that take a folder, a run or nothing, by their name below `musc.`. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  scoreFolder: async () => (await loadRooms()).score.scoreFolder,
  scoreThisFolder: async () => (await loadRooms()).score.scoreThisFolder,
  scoreWithOptions: async () => (await loadRooms()).score.scoreWithOptions,
  scoreAgain: async () => (await loadRooms()).score.scoreAgain,
  createSample: async () => (await loadRooms()).sample.createSample,
  openRun: async () => (await loadRooms()).runs.openRun,
  compareRuns: async () => (await loadRooms()).runs.compareRuns,
  cancelRun: async () => (await loadRooms()).runs.cancelRun,
  watchRun: async () => (await loadRooms()).watch.watchRun,
  deleteRun: async () => (await loadRooms()).runs.deleteRun,
  revealRun: async () => (await loadRooms()).runs.revealRun,
  openRunAsText: async () => (await loadRooms()).runs.openRunAsText,
  exportRun: async () => (await loadRooms()).exporting.exportRun,
  importLabels: async () => (await loadRooms()).labels.importLabels,
  runBenchmark: async () => (await loadRooms()).benchmark.runBenchmark,
  exportBenchmark: async () => (await loadRooms()).benchmark.exportBenchmark,
  openBenchmarkAsText: async () => (await loadRooms()).benchmark.openBenchmarkAsText,
  refreshRuns: async () => (host) => host.catalogue.refresh(),
  showLog: async () => (host) => host.channel.show(),
  selectDevice: async () => (await loadRooms()).machine.selectDevice,
  openSettings: async () => (await loadRooms()).machine.openSettings,
  openWalkthrough: async () => (await loadRooms()).machine.openWalkthrough,
};

/** Those that take a node of the Backbones view, or nothing. */
const BACKBONE_COMMANDS: Readonly<Record<string, () => Promise<NodeCommand>>> = {
  installBackbone: async () => (await loadRooms()).backbones.installBackbone,
  importBackbone: async () => (await loadRooms()).backbones.importBackbone,
  useBackbone: async () => (await loadRooms()).backbones.useBackbone,
  removeBackbone: async () => (await loadRooms()).backbones.removeBackbone,
  refreshBackbones: async () => (host) => host.backbones.changed(),
};

/** Those that write, load or download something: links (of the walkthrough, of a message) lead to them where menus do not. */
const TRUSTED: ReadonlySet<string> = new Set([
  'scoreFolder',
  'scoreThisFolder',
  'scoreWithOptions',
  'scoreAgain',
  'createSample',
  'runBenchmark',
  'installBackbone',
  'importBackbone',
]);

/** Registers a command, which in restricted mode says so where it needs trust. A window without a folder is trusted as a rule. */
const register = (name: string, run: (...args: unknown[]) => unknown): Disposable =>
  commands.registerCommand(`musc.${name}`, (...args: unknown[]) =>
    workspace.isTrusted || !TRUSTED.has(name)
      ? run(...args)
      : showError(
          new MuscError('UNTRUSTED', l10n.t('in restricted mode nothing is scored, made or installed'), {
            hint: l10n.t('trust this window first'),
          }),
        ),
  );

/** Registers all commands. What others pass as argument is checked here: a file, a node of our views, or nothing. */
export function registerCommands(host: Host): Disposable[] {
  return [
    ...Object.entries(COMMANDS).map(([name, load]) =>
      register(name, async (argument, selected) =>
        (await load())(host, runArgument(argument), Array.isArray(selected) ? selected : undefined),
      ),
    ),
    ...Object.entries(BACKBONE_COMMANDS).map(([name, load]) =>
      register(name, async (node) => (await load())(host, node)),
    ),
  ];
}

function runArgument(argument: unknown): RunArgument {
  if (argument instanceof Uri) return argument;
  const kind = typeof argument === 'object' && argument !== null && 'kind' in argument ? argument.kind : undefined;
  return kind === 'folder' || kind === 'run' || kind === 'job' ? (argument as RunArgument) : undefined;
}
