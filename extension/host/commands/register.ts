import { commands, type Disposable, Uri } from 'vscode';
import type { Host } from '../host';
import type { RunArgument } from '../run-argument';
import { importBackbone, installBackbone, removeBackbone, useBackbone } from './backbones';
import { exportRun } from './export';
import { openSettings, openWalkthrough, selectDevice } from './machine';
import { cancelRun, compareRuns, deleteRun, openRun, openRunAsText, revealRun } from './runs';
import { createSample } from './sample';
import { scoreAgain, scoreFolder, scoreThisFolder, scoreWithOptions } from './score';

type Command = (host: Host, argument: RunArgument, selected?: readonly unknown[]) => unknown;

/** Every command of package.json, by its name below `musc.`. */
const COMMANDS: Readonly<Record<string, Command>> = {
  scoreFolder,
  scoreThisFolder,
  scoreWithOptions,
  scoreAgain,
  createSample,
  openRun,
  compareRuns,
  exportRun,
  cancelRun,
  deleteRun,
  revealRun,
  openRunAsText,
  refreshRuns: (host) => host.catalogue.refresh(),
  showLog: (host) => host.channel.show(),
  selectDevice,
  openSettings,
  openWalkthrough,
};

/** Registers all commands. What others pass as argument is checked here: a file, a node of our views, or nothing. */
export function registerCommands(host: Host): Disposable[] {
  return [
    ...Object.entries(COMMANDS).map(([name, run]) =>
      commands.registerCommand(`musc.${name}`, (argument: unknown, selected: unknown) =>
        run(host, runArgument(argument), Array.isArray(selected) ? selected : undefined),
      ),
    ),
    commands.registerCommand('musc.installBackbone', (node: unknown) => installBackbone(host, node)),
    commands.registerCommand('musc.importBackbone', () => importBackbone(host)),
    commands.registerCommand('musc.useBackbone', (node: unknown) => useBackbone(host, node)),
    commands.registerCommand('musc.removeBackbone', (node: unknown) => removeBackbone(host, node)),
    commands.registerCommand('musc.refreshBackbones', () => host.backbones.changed()),
  ];
}

function runArgument(argument: unknown): RunArgument {
  if (argument instanceof Uri) return argument;
  const kind = typeof argument === 'object' && argument !== null && 'kind' in argument ? argument.kind : undefined;
  return kind === 'folder' || kind === 'run' || kind === 'job' ? (argument as RunArgument) : undefined;
}
