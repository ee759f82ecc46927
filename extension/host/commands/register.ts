import { commands, type Disposable, Uri } from 'vscode';
import type { Host } from '../host';
import type { RunArgument } from '../run-argument';

type Command = (host: Host, argument: RunArgument, selected?: readonly unknown[]) => unknown;
type NodeCommand = (host: Host, node: unknown) => unknown;

const rooms = () => import('../rooms');

/** The commands of package.json that take a folder, a run or nothing, by their name below `musc.`. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  scoreFolder: async () => (await rooms()).score.scoreFolder,
  scoreThisFolder: async () => (await rooms()).score.scoreThisFolder,
  scoreWithOptions: async () => (await rooms()).score.scoreWithOptions,
  scoreAgain: async () => (await rooms()).score.scoreAgain,
  createSample: async () => (await rooms()).sample.createSample,
  openRun: async () => (await rooms()).runs.openRun,
  compareRuns: async () => (await rooms()).runs.compareRuns,
  cancelRun: async () => (await rooms()).runs.cancelRun,
  watchRun: async () => (await rooms()).watch.watchRun,
  deleteRun: async () => (await rooms()).runs.deleteRun,
  revealRun: async () => (await rooms()).runs.revealRun,
  openRunAsText: async () => (await rooms()).runs.openRunAsText,
  exportRun: async () => (await rooms()).exporting.exportRun,
  importLabels: async () => (await rooms()).labels.importLabels,
  runBenchmark: async () => (await rooms()).benchmark.runBenchmark,
  exportBenchmark: async () => (await rooms()).benchmark.exportBenchmark,
  openBenchmarkAsText: async () => (await rooms()).benchmark.openBenchmarkAsText,
  refreshRuns: async () => (host) => host.catalogue.refresh(),
  showLog: async () => (host) => host.channel.show(),
  selectDevice: async () => (await rooms()).machine.selectDevice,
  openSettings: async () => (await rooms()).machine.openSettings,
  openWalkthrough: async () => (await rooms()).machine.openWalkthrough,
};

/** Those that take a node of the Backbones view, or nothing. */
const BACKBONE_COMMANDS: Readonly<Record<string, () => Promise<NodeCommand>>> = {
  installBackbone: async () => (await rooms()).backbones.installBackbone,
  importBackbone: async () => (await rooms()).backbones.importBackbone,
  useBackbone: async () => (await rooms()).backbones.useBackbone,
  removeBackbone: async () => (await rooms()).backbones.removeBackbone,
  refreshBackbones: async () => (host) => host.backbones.changed(),
};

/** Registers all commands. What others pass as argument is checked here: a file, a node of our views, or nothing. */
export function registerCommands(host: Host): Disposable[] {
  return [
    ...Object.entries(COMMANDS).map(([name, load]) =>
      commands.registerCommand(`musc.${name}`, async (argument: unknown, selected: unknown) =>
        (await load())(host, runArgument(argument), Array.isArray(selected) ? selected : undefined),
      ),
    ),
    ...Object.entries(BACKBONE_COMMANDS).map(([name, load]) =>
      commands.registerCommand(`musc.${name}`, async (node: unknown) => (await load())(host, node)),
    ),
  ];
}

function runArgument(argument: unknown): RunArgument {
  if (argument instanceof Uri) return argument;
  const kind = typeof argument === 'object' && argument !== null && 'kind' in argument ? argument.kind : undefined;
  return kind === 'folder' || kind === 'run' || kind === 'job' ? (argument as RunArgument) : undefined;
}
