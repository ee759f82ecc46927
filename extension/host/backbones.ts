import { type Disposable, EventEmitter, workspace } from 'vscode';
import type { KnownBackbone } from '../core/backbone/registry';
import { chosenModelsFolder, isModelsFolder } from '../core/backbone/models-folder';
import type { Log } from '../core/progress';
import { loadRooms, loadSettings } from './load-rooms';
import { nearestConfiguration } from './setting-target';

/** The backbones that the product knows, and which of them are on this machine. */
export class Backbones implements Disposable {
  readonly #changed = new EventEmitter<void>();
  /** Fires when one was installed, imported, removed or chosen. */
  readonly onDidChange = this.#changed.event;
  readonly #listening = workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('musc.backbone') || event.affectsConfiguration('musc.modelsFolder')) this.changed();
  });

  constructor(private readonly log: Log) {}

  /** Folder of installed backbones: the setting, else (also where that is wrong) the cache folder that the command line uses too. */
  get folder(): string {
    const set = workspace.getConfiguration('musc').get<unknown>('modelsFolder');
    return chosenModelsFolder(isModelsFolder(set) ? set : undefined);
  }

  /** The id or file that runs take when nothing else is asked for. */
  get chosen(): string {
    return nearestConfiguration().get('backbone', 'musc-embedded');
  }

  /** All of them; entries that can't be read are left out and logged, of a wrong folder in the settings the user is told. Throws when this installation is incomplete. */
  async list(): Promise<KnownBackbone[]> {
    const { listBackbones } = await loadRooms();
    (await loadSettings()).lenientSetting('modelsFolder', this.log);
    return listBackbones(this.folder, (error) => this.log('warn', error.toLine()));
  }

  /** Tells the views to look again. */
  changed(): void {
    this.#changed.fire();
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }
}
