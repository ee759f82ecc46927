import type { LogOutputChannel, Memento, Uri } from 'vscode';
import type { Log } from '../core/progress';
import type { Backbones } from './backbones';
import type { Engines } from './engines';
import type { RunCatalogue } from './run-catalogue';
import type { RunEditor } from './run-editor';
import type { Scoring } from './scoring';

/** What `activate` puts together, for the rooms that work with each other. */
export interface Host {
  readonly extensionUri: Uri;
  /** Folder for thumbnails and converted pictures, shared by all windows of this machine. */
  readonly cache: Uri;
  /** Folder for what belongs to this workspace; undefined where none is open. */
  readonly storage: Uri | undefined;
  /** Of this workspace. */
  readonly memento: Memento;
  readonly log: Log;
  readonly channel: LogOutputChannel;
  readonly engines: Engines;
  readonly scoring: Scoring;
  readonly catalogue: RunCatalogue;
  readonly backbones: Backbones;
  readonly editor: RunEditor;
}
