import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Uri, workspace } from 'vscode';
import { placeOf } from './run-headline';
import { settingPath } from './setting-path';

/** Of the runs in one such folder the newest so many are looked at: others may share it. */
const MOST = 200;
/** Folder of a run: it begins with when it was made. */
const RUN_FOLDER = /^\d{8}-\d{6}-/;
/** Where in such a place benchmarks put the runs of their categories. */
const OF_BENCHMARKS = 'runs';

/** The places outside the workspace where the settings of its folders put runs, absolute. */
export function locations(): readonly string[] {
  const set = (workspace.workspaceFolders ?? []).map(({ uri }) => {
    const location = workspace.getConfiguration('musc', uri).get<unknown>('runsLocation');
    return typeof location === 'string' && location ? [placeOf(settingPath(location, uri))] : [];
  });
  return [...new Set(set.flat())].filter((place) => !workspace.getWorkspaceFolder(Uri.file(place)));
}

/** Where run files may be in those places, whoever made them: the command line, another window, a colleague. Never fails. */
export async function filesInLocations(): Promise<readonly string[]> {
  const folders = locations().flatMap((place) => [place, path.join(place, OF_BENCHMARKS)]);
  return (await Promise.all([...new Set(folders)].map(newestIn))).flat(); // one place may be another's folder of benchmarks
}

async function newestIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => RUN_FOLDER.test(name));
  return names
    .sort()
    .slice(-MOST)
    .map((name) => path.join(folder, name, 'run.musc.json'));
}
