import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Host } from '../../../extension/host/host';
import { headlineOf } from '../../../extension/host/read-headlines';
import { chooseRun } from '../../../extension/host/run-argument';
import { requestOf } from '../../../extension/host/run-request';
import { fitInput } from '../../../extension/core/backbone/fit';
import { runsFolder, writeRun } from '../../../extension/core/run/run-store';
import { picture, runOf, sampleRun, SIZE, temporaryFolder } from '../run/sample-run';
import { TabInputCustom, Uri, user, window } from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));
const asked = (file: string) => requestOf(Uri.file(file) as unknown as Parameters<typeof requestOf>[0]);

describe('scoring again', () => {
  it('scores the folder as the run was scored', async () => {
    const { folder, runPath, run } = await sampleRun();
    const { folder: found, overrides } = await asked(runPath);
    expect(found.fsPath).toBe(folder);
    expect(overrides).toMatchObject({ backbone: run.settings.backbone, degrees: run.settings.degrees });
  });

  it('asks for the device, the shape and all else that decided on its figures', async () => {
    const { folder, runPath } = await sampleRun({
      settings: {
        backbone: '/nets/my.onnx',
        taps: ['3'],
        degrees: [1],
        keep: [0, 0.3],
        rscin: 'off',
        subsets: 3,
        seed: 7,
        protocol: 'exact',
        fit: 'keep',
        embedding: 'image_embeds',
        preprocess: 'clip',
        masks: 'masks',
      },
      device: { name: 'cpu', label: 'CPU', requested: 'webgpu', fallback: 'no adapter' },
      input: fitInput(SIZE.width, SIZE.height, { imageSize: 448, patch: 14 }),
    });
    const { overrides } = await asked(runPath);
    expect(overrides).toMatchObject({
      device: 'webgpu',
      fit: 'keep',
      subsets: 3,
      embedding: 'image_embeds',
      preprocess: 'clip',
      masks: path.join(folder, 'masks'),
    });
    const { imageSize } = overrides;
    expect(fitInput(SIZE.width, SIZE.height, { imageSize: imageSize ?? 0, patch: 14 })).toEqual({
      width: 518,
      height: 392,
    });
  });

  it("names the category of a folder that holds a data set's many, and of no other", async () => {
    const dataset = { layout: 'visa', category: 'candle', name: 'candle', notes: [] } as const;
    const one = await sampleRun({ dataset: { ...dataset, notes: [] } });
    expect((await asked(one.runPath)).overrides.category).toBeUndefined();
    const images = [picture('candle/Data/Images/Normal/0.JPG')];
    const many = await writeRun(
      await runsFolder(one.folder),
      runOf(one.folder, images, { dataset: { ...dataset, notes: [] } }),
      new Float32Array(16),
    );
    expect((await asked(many)).overrides).toMatchObject({ category: 'candle', layout: 'visa' });
  });

  it('of a damaged run scores the folder that it lies in, as the settings say', async () => {
    const { folder, runPath } = await sampleRun();
    await writeFile(runPath, (await readFile(runPath, 'utf8')).slice(0, 200));
    expect(await asked(runPath)).toMatchObject({ folder: { fsPath: folder }, overrides: {} });
  });

  it('of a damaged run elsewhere says what is wrong', async () => {
    const file = path.join(await temporaryFolder(), 'run.musc.json');
    await writeFile(file, '{');
    await expect(asked(file)).rejects.toMatchObject({ code: 'FILE_INVALID' });
  });
});

describe('the run that a command of the palette means', () => {
  /** What is chosen while a run is looked at that can be read or not, with another one in the list. */
  async function chosen(refusal: object | null, damaged: boolean) {
    const [active, other] = [await sampleRun(), await sampleRun()];
    window.tabGroups.activeTabGroup.activeTab = { input: new TabInputCustom(Uri.file(active.runPath), 'musc.run') };
    const catalogue = { refresh: () => Promise.resolve(), runs: [await headlineOf(other.runPath)] };
    const host = { catalogue, editor: { documentOf: () => ({ refusal }) } } as unknown as Host;
    user.picks = [other.folder];
    const run = await chooseRun(host, undefined, 'Which?', { damaged });
    window.tabGroups.activeTabGroup.activeTab = undefined;
    return run?.fsPath === active.runPath ? 'the active one' : run?.fsPath === other.runPath ? 'the chosen one' : run;
  }

  it.each([
    ['the active one', null, false],
    ['the chosen one', {}, false],
    ['the active one', {}, true],
  ])('is %s, of a document refused with %j, where damaged ones do: %j', async (which, refusal, damaged) => {
    expect(await chosen(refusal, damaged)).toBe(which);
  });
});
