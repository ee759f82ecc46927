import { commands, type Disposable, Uri } from 'vscode';
import type { Host } from '../host';
import type { RunArgument } from '../run-argument';

type Command = (host: Host, argument: RunArgument, selected?: readonly unknown[]) => unknown;
type NodeCommand = (host: Host, node: unknown) => unknown;

/** Rooms are loaded with their first command: waking up must cost the editor nothing. */
const score = () => import('./score');
const runs = () => import('./runs');
const machine = () => import('./machine');
const backbones = () => import('./backbones');
const benchmark = () => import('./benchmark');

/** The commands of package.json that take a folder, a run or nothing, by their name below `musc.`. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  scoreFolder: async () => (await score()).scoreFolder,
  scoreThisFolder: async () => (await score()).scoreThisFolder,
  scoreWithOptions: async () => (await score()).scoreWithOptions,
  scoreAgain: async () => (await score()).scoreAgain,
  createSample: async () => (await import('./sample')).createSample,
  openRun: async () => (await runs()).openRun,
  compareRuns: async () => (await runs()).compareRuns,
  cancelRun: async () => (await runs()).cancelRun,
  watchRun: async () => (await import('./watch')).watchRun,
  deleteRun: async () => (await runs()).deleteRun,
  revealRun: async () => (await runs()).revealRun,
  openRunAsText: async () => (await runs()).openRunAsText,
  exportRun: async () => (await import('./export')).exportRun,
  importLabels: async () => (await import('./labels')).importLabels,
  runBenchmark: async () => (await benchmark()).runBenchmark,
  exportBenchmark: async () => (await benchmark()).exportBenchmark,
  openBenchmarkAsText: async () => (await benchmark()).openBenchmarkAsText,
  refreshRuns: async () => (host) => host.catalogue.refresh(),
  showLog: async () => (host) => host.channel.show(),
  selectDevice: async () => (await machine()).selectDevice,
  openSettings: async () => (await machine()).openSettings,
  openWalkthrough: async () => (await machine()).openWalkthrough,
};

/** Those that take a node of the Backbones view, or nothing. */
const BACKBONE_COMMANDS: Readonly<Record<string, () => Promise<NodeCommand>>> = {
  installBackbone: async () => (await backbones()).installBackbone,
  importBackbone: async () => (await backbones()).importBackbone,
  useBackbone: async () => (await backbones()).useBackbone,
  removeBackbone: async () => (await backbones()).removeBackbone,
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
