import type { Uri } from 'vscode';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Host } from '../../../extension/host/host';
import { askOptions } from '../../../extension/host/score-options';
import { memento, Uri as FakeUri, user } from './fake-vscode';

interface Item {
  readonly label: string;
  readonly description?: string;
}
/** The user at the steps: what each showed, which items are chosen (by their label, else Enter), what is typed into the boxes. */
const steps = vi.hoisted(() => ({
  shown: [] as Item[][],
  choose: {} as Record<number, string>,
  type: [] as string[],
  complaints: [] as (string | undefined)[],
}));
vi.mock('vscode', async () => {
  const fake = await import('./fake-vscode');
  const event = () => {
    let listener: (value?: unknown) => void = () => undefined;
    return { on: (one: typeof listener) => (listener = one), fire: (value?: unknown) => listener(value) };
  };
  const input = () => {
    const [accept, hide, button, change] = [event(), event(), event(), event()];
    return {
      accept,
      change,
      onDidAccept: accept.on,
      onDidHide: hide.on,
      onDidTriggerButton: button.on,
      onDidChangeValue: change.on,
    };
  };
  return {
    ...fake,
    QuickInputButtons: { Back: {} },
    ThemeIcon: class {},
    window: {
      createQuickPick: () => {
        const { accept, ...events } = input();
        const pick = { ...events, items: [] as Item[], activeItems: [] as Item[], step: 0, dispose: () => undefined };
        const show = () => {
          steps.shown[pick.step] = [...pick.items];
          const chosen = pick.items.find(({ label }) => label === steps.choose[pick.step]);
          pick.activeItems = chosen ? [chosen] : pick.activeItems.length > 0 ? pick.activeItems : [pick.items[0]];
          accept.fire();
        };
        return Object.assign(pick, { show });
      },
      createInputBox: () => {
        const { accept, change, ...events } = input();
        const box = {
          ...events,
          value: '',
          validationMessage: undefined as string | undefined,
          dispose: () => undefined,
        };
        const show = () => {
          for (const text of steps.type.splice(0)) {
            box.value = text;
            change.fire(text);
            steps.complaints.push(box.validationMessage);
            accept.fire();
          }
        };
        return Object.assign(box, { show });
      },
    },
  };
});

let host: Host;
const ask = () => askOptions(host, FakeUri.file('/pictures') as unknown as Uri);
beforeEach(() => {
  Object.assign(steps, { shown: [], choose: {}, type: [], complaints: [] });
  user.settings = {};
  host = { backbones: { list: () => Promise.resolve([]) }, memento: memento() } as unknown as Host;
});

describe('Score With Options', () => {
  it('keeps with Enter what the settings say, listed or not', async () => {
    user.settings = {
      'musc.imageSize': 400,
      'musc.subsets': 3,
      'musc.device': 'coreml',
      'musc.backbone': './net.onnx',
    };
    expect(await ask()).toMatchObject({ imageSize: 400, subsets: 3, device: 'coreml' });
    expect(steps.shown[2]).toContainEqual(expect.objectContaining({ description: 'from the settings', value: 400 }));
  });

  it('offers the last answer beside the setting', async () => {
    user.settings = { 'musc.imageSize': 400 };
    Object.assign(steps, { choose: { 2: 'Other...' }, type: ['300'] });
    expect(await ask()).toMatchObject({ imageSize: 300 });
    steps.choose = {};
    expect(await ask()).toMatchObject({ imageSize: 300 });
    expect(steps.shown[2].map(({ description }) => description)).toEqual(
      expect.arrayContaining(['from the settings', 'as last time']),
    );
  });

  it('takes any right number by hand, and says what is wrong with the others', async () => {
    Object.assign(steps, { choose: { 2: 'Other...' }, type: ['huge', '7', '', '333.5', '512'] });
    expect(await ask()).toMatchObject({ imageSize: 512 });
    expect(steps.complaints.map(Boolean)).toEqual([true, true, false, true, false]);
  });

  it('offers and takes the sizes that the backbone takes', async () => {
    const known = (id: string, multiple: number) => ({
      file: '/there',
      entry: { id, name: id, imageSize: 518, multiple },
    });
    host = {
      ...host,
      backbones: { list: () => Promise.resolve([known('vit', 14), known('net', 16)]) },
    } as unknown as Host;
    user.settings = { 'musc.backbone': 'vit', 'musc.imageSize': 500 };
    Object.assign(steps, { choose: { 2: 'Other...' }, type: ['512', '504'] });
    expect(await ask()).toMatchObject({ backbone: 'vit', imageSize: 504 });
    const values = () => steps.shown[2].map((item) => (item as { value?: number | null }).value);
    expect(values()).toEqual([null, 224, 448, 672, undefined]); // nor 500, which the setting says
    expect(steps.complaints).toEqual(['Pixels: a multiple of 14 from 32 to 2048', undefined]);
    Object.assign(steps, { choose: { 1: 'net', 2: 'Other...' }, type: ['512'] });
    expect(await ask()).toMatchObject({ backbone: 'net', imageSize: 512 });
    expect(values()).toEqual([null, 224, 256, 320, 448, 672, undefined]);
    user.settings['musc.fit'] = 'keep'; // a size is only what the area of a picture is to be
    Object.assign(steps, { choose: { 1: 'vit', 2: 'Other...' }, type: ['333'] });
    expect(await ask()).toMatchObject({ imageSize: 333 });
    expect(values()).toContain(500);
  });
});
