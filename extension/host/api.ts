import { Uri } from 'vscode';
import type { MuscApi } from '../api';
import { signalOf } from './cancellation';
import type { Host } from './host';
import { loadRooms } from './load-rooms';

/** What `activate` returns: see extension/api.d.ts. */
export function createApi(host: Host): MuscApi {
  return {
    version: 1,
    score: async (folder, options = {}, token) => {
      const summary = await host.scoring.score(folder, options, signalOf(token));
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
        heatmap: (image) => readMapsOf(opened, [image]),
      };
    },
  };
}
