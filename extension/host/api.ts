import path from 'node:path';
import { Uri } from 'vscode';
import type { MuscApi, MuscScoreOptions } from '../api';
import { signalOf } from './cancellation';
import type { Host } from './host';
import { loadRooms } from './load-rooms';

/** What `activate` returns: see extension/api.d.ts. */
export function createApi(host: Host): MuscApi {
  return {
    version: 1,
    score: async (folder, options = {}, token) => {
      const summary = await host.scoring.score(folder, withPaths(options, folder), signalOf(token));
      host.catalogue.added(Uri.file(summary.run));
      return summary;
    },
    readRun: async (file) => {
      const { openRun, picturePath, readMapsOf, RunLabels } = await loadRooms();
      const opened = await openRun(file.fsPath);
      const labels = await new RunLabels(opened).read();
      const { run, root } = opened;
      return {
        id: run.id,
        name: run.name,
        createdAt: run.createdAt,
        root,
        backbone: run.backbone.id,
        grid: run.grid,
        images: run.images.map(({ type, truth, score, rawScore }, i) => ({
          file: picturePath(opened, i),
          type,
          truth,
          label: labels[i],
          score,
          rawScore,
        })),
        heatmap: async (image) => (await readMapsOf(opened, [image])).scores,
      };
    },
  };
}

/** Options whose paths are absolute: the engine works in a folder of its own. */
function withPaths(options: MuscScoreOptions, folder: Uri): MuscScoreOptions {
  const absolute = (key: 'masks' | 'out') => {
    const given: unknown = options[key];
    return typeof given === 'string' ? { [key]: path.resolve(folder.fsPath, given) } : {}; // else the engine says what is wrong
  };
  return { ...options, ...absolute('masks'), ...absolute('out') };
}
