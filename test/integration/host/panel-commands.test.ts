import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MuscError } from '../../../extension/core/errors';
import { exportRun as writeExport } from '../../../extension/core/run/export-run';
import { readLabels, saveLabels } from '../../../extension/core/run/label-store';
import { exportRun } from '../../../extension/host/commands/export';
import { runPanelCommand } from '../../../extension/host/commands/panel';
import type { Host } from '../../../extension/host/host';
import type { Job } from '../../../extension/host/job-queue';
import { RunDocument } from '../../../extension/host/run-document';
import type { EngineMethods } from '../../../extension/protocol/engine';
import type { PanelRequest } from '../../../extension/protocol/panel';
import { sampleRun, temporaryFolder } from '../run/sample-run';
import { Uri, user } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
type ExportRequest = EngineMethods['exportRun']['params'];

/** A run open in the editor, and a host that exports as the engine does and notes what it is to score. */
async function scene(changes: Parameters<typeof sampleRun>[0] = {}) {
  const { folder, runPath, run } = await sampleRun(changes);
  const uri = Uri.file(runPath) as unknown as RunDocument['uri'];
  const document = await RunDocument.open(uri);
  const exported: ExportRequest[] = [];
  const scored: unknown[] = [];
  const shown: boolean[] = [];
  const log: string[] = [];
  const host = {
    editor: {
      documentOf: (asked: unknown) => (String(asked) === String(uri) ? document : undefined),
      exportShown: () => shown.shift() ?? false,
    },
    engines: {
      jobs: {
        call: async (_method: string, request: ExportRequest) => {
          exported.push(request);
          return { files: await writeExport(request.run, request.format, request.out, request.options) };
        },
      },
    },
    scoring: {
      queue: { active: [] },
      start: (at: { fsPath: string }, overrides: object) => {
        scored.push({ folder: at.fsPath, ...overrides });
        return Promise.reject(new MuscError('CANCELLED', 'enough'));
      },
    },
    log: (_level: string, line: string) => log.push(line),
    channel: { show: () => log.push('shown') },
  } as unknown as Host;
  user.place = path.join(await temporaryFolder(), 'out');
  user.save = async () => (await document.save(), uri);
  const ask = (request: PanelRequest<'command'>, ended: Job<'score'> | null = null) =>
    runPanelCommand(host, document, request, ended);
  return { folder, run, uri, document, host, shown, exported, scored, log, ask, out: user.place };
}
const over = () => vi.waitFor(() => expect(user.infos.length + user.errors.length).toBe(1), { timeout: 20_000 });

beforeEach(() => {
  for (const list of [user.errors, user.infos, user.warnings, user.picks, user.lists]) list.length = 0;
  user.trusted = true;
});

describe('exports from the panel', () => {
  it('hold the labels that were saved for them, though more is decided meanwhile', async () => {
    const { document, exported, ask, uri } = await scene();
    document.editLabels([{ image: 0, label: 'defect' }], 'label');
    user.save = async () => {
      await document.save();
      document.editLabels([{ image: 1, label: 'good' }], 'label');
      return uri;
    };
    user.picks.push('JSON');
    await ask({ name: 'exportLabels' });
    await over();
    expect([user.errors, exported.length, document.unsaved]).toEqual([[], 1, true]);
  });

  it('hold the labels that the user sees, which are saved by that', async () => {
    const { document, folder, run, ask, out } = await scene();
    document.editLabels([{ image: 0, label: 'defect' }], 'label');
    user.picks.push('JSON');
    await ask({ name: 'exportLabels' });
    await over();
    expect(JSON.parse(await readFile(out, 'utf8'))[0]).toMatchObject({ path: run.images[0].path, label: 'defect' });
    expect(document.unsaved).toBe(false);
    expect((await readLabels(folder))[run.images[0].path].label).toBe('defect');
  });

  it.each([
    ['refuses', () => Promise.resolve(undefined)],
    ['fails', () => Promise.reject(new Error('disk full'))],
  ])('are not made where saving %s', async (_, save) => {
    const { document, ask, exported } = await scene();
    document.editLabels([{ image: 0, label: 'defect' }], 'label');
    user.save = save;
    user.picks.push('CSV');
    await ask({ name: 'exportLabels' });
    await over();
    expect([exported, user.infos]).toEqual([[], []]);
    expect(user.errors[0]).toContain('could not be saved');
  });

  it('save the labels of a run that is open when they are asked for elsewhere, too', async () => {
    const { document, host, uri, out } = await scene();
    document.editLabels([{ image: 0, label: 'unsure' }], 'label');
    user.picks.push('CSV');
    await exportRun(host, uri);
    expect(await readFile(out, 'utf8')).toContain('unsure');
  });

  it('leave unsaved labels alone where they hold none', async () => {
    const { document, ask } = await scene();
    document.editLabels([{ image: 0, label: 'defect' }], 'label');
    user.picks.push('NumPy');
    await ask({ name: 'export' });
    await over();
    expect(document.unsaved).toBe(true);
  });

  it.each([
    ['Masks', { threshold: 0.25 }, true],
    ['COCO', { threshold: 0.25 }, true],
    ['HTML', { scoreThreshold: 0.6 }, false],
    ['CSV', {}, false],
  ])('as %s follow the threshold of the panel', async (label, options, told) => {
    const { ask, exported } = await scene();
    user.picks.push(label);
    await ask({ name: 'export', threshold: { score: 0.6, map: 0.25 } });
    await over();
    expect(user.errors).toEqual([]);
    expect(exported[0].options).toEqual(options);
    expect(user.infos[0].includes('threshold of the panel')).toBe(told);
  });

  it('asked for elsewhere are left to a panel that is in sight', async () => {
    const { host, uri, shown, exported } = await scene();
    shown.push(true);
    await exportRun(host, uri);
    expect([exported, user.lists]).toEqual([[], []]);
  });

  it.each([
    ['Masks', {}, { threshold: 0.3 }, 'Marked from the threshold at F1-max on, 0.300 on heatmaps.'],
    ['COCO', { truth: null }, { threshold: 0.6 }, 'Marked from the suggested threshold on, 0.600 on heatmaps.'],
    ['HTML', {}, {}, ''],
    ['CSV', {}, {}, ''],
  ])('as %s without a panel say by which threshold they mark', async (label, changes, options, said) => {
    const { images } = (await scene()).run;
    const { host, uri, exported } = await scene({ images: images.map((image) => ({ ...image, ...changes })) });
    user.picks.push(label);
    await exportRun(host, uri);
    expect(user.errors).toEqual([]);
    expect(exported[0].options).toEqual(options);
    expect(user.infos[0].endsWith(said === '' ? 'out.' : said)).toBe(true);
  });

  const scale = { low: 0, high: 2, clear: 0.5, full: 1 };
  it.each([
    ['As in the panel', scale, { colormap: 'grey', opacity: 0.3, from: 'median', scale: 'run', ...scale }],
    ['As in the panel', null, { colormap: 'grey', opacity: 0.3, from: 'median', scale: 'picture' }],
    ["As the authors' tool", scale, { colormap: 'jet', type: 'png', blend: 'even', scale: 'run' }],
    ['As the settings say', undefined, { colormap: 'turbo', from: 'median', scale: 'run' }],
  ])('draw heat %s', async (label, shown, options) => {
    const { ask, exported } = await scene();
    user.picks.push('Overlays', label);
    const heat = { colormap: 'grey', opacity: 0.3 } as const;
    await ask({ name: 'export', ...(shown === undefined ? {} : { heat: { ...heat, scale: shown } }) });
    await over();
    expect(user.errors).toEqual([]);
    expect(exported[0].options).toEqual(options);
  });

  it.each([
    ['Lists', false],
    ['Copies of the pictures', true],
  ])('of a cleaned split: %s', async (label, copied) => {
    const { run, ask, out } = await scene();
    user.picks.push(label);
    await ask({ name: 'exportSplit' });
    await over();
    const files = await readdir(path.join(out, 'split'), { recursive: true });
    expect(files.some((file) => file.endsWith(path.normalize(run.images[0].path)))).toBe(copied);
    expect(files).toContain('good.txt');
  });
});

describe('resuming from the panel', () => {
  it('goes on with the request of the job that was cut off', async () => {
    const { ask, scored } = await scene();
    const request = { folder: '/data/nuts', backbone: 'other', degrees: [1], subsets: 2 };
    await ask({ name: 'scoreAgain', resume: true }, { request } as unknown as Job<'score'>);
    await vi.waitFor(() => expect(scored).toEqual([{ ...request, resume: true }]), 20_000);
  });

  it('goes on as the run was scored where that job is not known; scoring again throws nothing away either', async () => {
    const { folder, ask, scored } = await scene();
    await ask({ name: 'scoreAgain', resume: true });
    await vi.waitFor(() => expect(scored).toMatchObject([{ folder, backbone: 'test', resume: true }]), 20_000);
    await ask({ name: 'scoreAgain' });
    await vi.waitFor(() => expect(scored).toHaveLength(2), 20_000);
    expect(scored[1]).toMatchObject({ folder, backbone: 'test', resume: true });
  });
});

it('the log that a panel shows names the pictures that its run skipped, once', async () => {
  const { ask, log } = await scene({ skipped: [{ path: 'a/cut.png', reason: 'cut off' }] });
  await ask({ name: 'showLog' });
  await ask({ name: 'showLog' });
  expect(log).toEqual(['sample: 1 pictures were skipped\n  a/cut.png: cut off', 'shown', 'shown']);
});

describe('in restricted mode', () => {
  it.each([
    ['Overlays', 'export'],
    ['HTML', 'export'],
    ['COCO', 'export'],
    ['Copies of the pictures', 'exportSplit'],
  ] as const)('no pictures of a folder that a run names elsewhere are exported: %s', async (format, name) => {
    const { folder } = await scene();
    const { ask, exported } = await scene({ root: folder });
    user.trusted = false;
    user.picks.push(format, 'As the settings say');
    await ask({ name });
    await over();
    expect([exported, user.infos]).toEqual([[], []]);
    expect(user.errors[0]).toContain('restricted mode');
  });

  it('its scores are, and its pictures where they lie around it', async () => {
    const { folder } = await scene();
    const elsewhere = await scene({ root: folder });
    user.trusted = false;
    user.picks.push('CSV');
    await elsewhere.ask({ name: 'export' });
    await over();
    user.picks.push('HTML');
    const { ask, exported } = await scene();
    await ask({ name: 'export' });
    await vi.waitFor(() => expect(user.infos).toHaveLength(2), { timeout: 20_000 });
    expect([elsewhere.exported.length, exported.length, user.errors]).toEqual([1, 1, []]);
  });

  it('a run is not pointed to another folder', async () => {
    const { document, ask } = await scene();
    const there = await sampleRun();
    const { root } = document.opened ?? {};
    user.trusted = false;
    user.place = there.folder;
    await expect(ask({ name: 'relink' })).rejects.toThrow('restricted mode');
    expect(document.opened?.root).toBe(root);
  });
});

it('a run that is relinked shows its labels, and tells which the new folder had otherwise', async () => {
  const { folder, run, document, ask } = await scene();
  const there = await sampleRun();
  const [{ path: name }] = run.images;
  await saveLabels(folder, [{ path: name, label: 'good', at: '2024-01-01T00:00:00.000Z' }]);
  await saveLabels(there.folder, [{ path: name, label: 'defect', at: '2023-01-01T00:00:00.000Z' }]);
  document.editLabels([{ image: 1, label: 'unsure' }], 'label');
  user.place = there.folder;
  await ask({ name: 'relink' });
  expect(document.opened?.root).toBe(there.folder);
  expect(document.labels.slice(0, 2)).toEqual(['good', 'unsure']);
  expect(user.warnings).toHaveLength(1);
  await document.save();
  expect((await readLabels(there.folder))[run.images[1].path].label).toBe('unsure');
});
