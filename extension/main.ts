import { type ExtensionContext, Uri, window } from 'vscode';
import type { MuscApi } from './api';
import { toMuscError } from './core/errors';
import { createApi } from './host/api';
import { BenchEditor } from './host/bench-editor';
import { Backbones } from './host/backbones';
import { BackbonesView } from './host/backbones-view';
import { registerCommands } from './host/commands/register';
import { Engines } from './host/engines';
import type { Host } from './host/host';
import { InterruptedJobs } from './host/interrupted-jobs';
import { JobReporter } from './host/job-reporter';
import { loadAhead, loadRooms } from './host/load-rooms';
import { logTo } from './host/log';
import { NetworkConsent } from './host/network-consent';
import { RunCatalogue } from './host/run-catalogue';
import { RunEditor } from './host/run-editor';
import { RunsView } from './host/runs-view';
import { Scoring } from './host/scoring';
import { useTexts } from './host/texts';

/** Puts the rooms together. Nothing here computes or starts a process: the engine starts with the first call to it. */
export function activate(context: ExtensionContext): MuscApi {
  const began = performance.now();
  useTexts();
  const channel = window.createOutputChannel('MuSc', { log: true });
  const log = logTo(channel);
  const engines = new Engines(Uri.joinPath(context.extensionUri, 'dist', 'engine.js').fsPath, log);
  const scoring = new Scoring(
    engines,
    new NetworkConsent(context.globalState),
    new InterruptedJobs(context.workspaceState),
  );
  const catalogue = new RunCatalogue(context.globalState, log);
  const backbones = new Backbones(log);
  const host: Host = {
    extensionUri: context.extensionUri,
    cache: Uri.joinPath(context.globalStorageUri, 'pictures'),
    storage: context.storageUri,
    memento: context.workspaceState,
    log,
    channel,
    engines,
    scoring,
    catalogue,
    backbones,
    get editor() {
      return editor;
    },
  };
  const editor: RunEditor = new RunEditor(host);
  const runsView = new RunsView(catalogue, scoring.queue);
  const backbonesView = new BackbonesView(backbones);
  context.subscriptions.push(
    scoring, // before the engines: its jobs stay remembered for the next window
    engines,
    channel,
    catalogue,
    backbones,
    editor,
    runsView,
    backbonesView,
    new JobReporter(scoring.queue),
    window.registerTreeDataProvider('musc.runs', runsView),
    window.registerTreeDataProvider('musc.backbones', backbonesView),
    window.registerCustomEditorProvider(RunEditor.viewType, editor, { supportsMultipleEditorsPerDocument: true }),
    window.registerCustomEditorProvider(BenchEditor.viewType, new BenchEditor(host), {
      supportsMultipleEditorsPerDocument: true,
    }),
    ...registerCommands(host),
  );
  void scoring.interrupted
    .anyEarlier()
    .then((any) => (any ? loadRooms().then(({ score }) => score.offerInterrupted(host)) : undefined))
    .catch((error: unknown) => log('warn', `Interrupted jobs are not offered: ${toMuscError(error).message}`));
  // The first list also builds what checks it, which takes far longer than any check after it.
  void loadAhead()
    .then(() => backbones.list())
    .catch((error: unknown) => log('debug', `Not loaded ahead: ${toMuscError(error).message}`));
  log('debug', `Activated in ${(performance.now() - began).toFixed(1)} ms.`);
  return createApi(host);
}

/** Everything ends with its subscription. */
export function deactivate(): void {}
