import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Uri, workspace } from 'vscode';
import { placeOf } from './run-headline';

/** Of the runs in one such place the newest so many are looked at: others may share it. */
const MOST = 200;
/** Folder of a run: it begins with when it was made. */
const RUN_FOLDER = /^\d{8}-\d{6}-/;

/** The places outside the workspace where the settings of its folders put runs, absolute. */
function locations(): readonly string[] {
  const set = (workspace.workspaceFolders ?? []).map(({ uri }) => {
    const location = workspace.getConfiguration('musc', uri).get<unknown>('runsLocation');
    return typeof location === 'string' && location ? [placeOf(path.resolve(uri.fsPath, location))] : [];
  });
  return [...new Set(set.flat())].filter((place) => !workspace.getWorkspaceFolder(Uri.file(place)));
}

/** Where run files may be in those places, whoever made them: the command line, another window, a colleague. Never fails. */
export async function filesInLocations(): Promise<readonly string[]> {
  const found = await Promise.all(
    locations().map(async (place) => {
      const names = (await readdir(place).catch(() => [])).filter((name) => RUN_FOLDER.test(name));
      return names
        .sort()
        .slice(-MOST)
        .map((name) => path.join(place, name, 'run.musc.json'));
    }),
  );
  return found.flat();
}
