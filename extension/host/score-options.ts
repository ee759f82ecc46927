import { commands, l10n, type Memento, type QuickPickItem, ThemeIcon, type Uri } from 'vscode';
import * as z from 'zod';
import { IMAGE_SIZES } from '../core/backbone/fit';
import type { KnownBackbone } from '../core/backbone/registry';
import type { RegistryEntry } from '../core/backbone/registry-schema';
import { adviceText } from './backbone-advice';
import { devices } from './devices';
import type { Host } from './host';
import { askStep, type OtherValue, type Step } from './quick-steps';
import type { ScoreOverrides } from './scoring';
import { type ScoreDefaults, scoreSettings } from './score-settings';
import { settingsFor } from './settings';

const KEY = 'musc.lastOptions';
const options = z.object({
  backbone: scoreSettings.backbone,
  imageSize: scoreSettings.imageSize,
  device: scoreSettings.device,
  protocol: scoreSettings.protocol,
  subsets: scoreSettings.subsets,
});
type Options = z.infer<typeof options>;
type Item<T> = QuickPickItem & { readonly value: T };

/** Square sides offered, pixels; the backbone's own comes first. */
const SIZES = [224, 256, 320, 448, 518, 672];
const SUBSETS = ['auto', 1, 2, 4, 8, 16] as const;

const lastOptions = (memento: Memento): Partial<Options> => {
  const parsed = options.partial().safeParse(memento.get(KEY));
  return parsed.success ? parsed.data : {};
};

/** Value of the item that leads to the backbones which are not on this machine. */
const INSTALL = '';

const backboneItems = (known: readonly KnownBackbone[]): Item<string>[] =>
  known
    .filter(({ file }) => file !== null)
    .map(({ entry }) => ({
      label: entry.name,
      description: entry.id,
      detail: adviceText(entry),
      iconPath: new ThemeIcon('circuit-board'),
      value: entry.id,
    }));

/** The item that leads to more backbones, where there are more. */
function installItem(known: readonly KnownBackbone[]): Item<string>[] {
  const missing = known.filter(({ file }) => file === null).length;
  if (missing === 0) return [];
  return [
    {
      label: l10n.t('Install Another Backbone...'),
      description: l10n.t('{0} are known', missing),
      iconPath: new ThemeIcon('cloud-download'),
      value: INSTALL,
    },
  ];
}

const pixels = (size: number | null): string => l10n.t('{0} px', String(size));

/** What decides which sizes are offered: what is known of the backbone, and how pictures become its input. */
interface SizeQuestion {
  readonly entry: RegistryEntry | undefined;
  readonly fit: ScoreDefaults['fit'];
}

/** Sides must be multiples of this: but where the shape of pictures is kept, a size is only what their area is to be. */
const multipleOf = ({ entry, fit }: SizeQuestion): number => (fit === 'keep' ? 1 : (entry?.multiple ?? 1));

const sizeItems = (question: SizeQuestion): Item<number | null>[] => {
  const recommended = question.entry?.imageSize;
  return [
    {
      label: l10n.t('Recommended'),
      description: recommended === undefined ? l10n.t("the backbone's own") : pixels(recommended),
      value: null,
    },
    ...SIZES.filter((size) => size !== recommended).map((size) => ({ label: pixels(size), value: size })),
  ];
};

/** The sizes that the backbone takes, those of the settings and of the last answers among them. */
const takenBy = (question: SizeQuestion, items: readonly Item<number | null>[]): readonly Item<number | null>[] =>
  items.filter(({ value }) => value === null || value % multipleOf(question) === 0);

const protocolItems = (): Item<'exact' | 'reference'>[] => [
  { label: 'exact', description: l10n.t('the mathematically clean version'), value: 'exact' },
  {
    label: 'reference',
    description: l10n.t("the paper's code bit for bit, for comparing figures"),
    value: 'reference',
  },
];

const subsetItems = (): Item<Options['subsets']>[] =>
  SUBSETS.map((value) => ({
    label: String(value),
    description:
      value === 'auto'
        ? l10n.t('as few as keep the comparing under about 20 minutes')
        : value === 1
          ? l10n.t('every pair')
          : l10n.t('about {0} times faster', value),
    value,
  }));

/** The items and, where they are not among them, the values that the settings and the last answers name: Enter keeps either. */
function withOwn<T>(items: readonly Item<T>[], setting: T, last: T, label: (value: T) => string): Item<T>[] {
  const all = [...items];
  const add = (value: T, description: string) => {
    if (!all.some((item) => item.value === value)) all.push({ label: label(value), description, value });
  };
  add(setting, l10n.t('from the settings'));
  add(last, l10n.t('as last time'));
  return all;
}

/** A number in a text, as far as the setting of this name takes it, and only multiples of `multiple`. */
const typedNumber = (key: 'imageSize' | 'subsets', prompt: string, multiple = 1): OtherValue<number> => ({
  prompt,
  read: (text) => {
    const parsed = scoreSettings[key].safeParse(text.trim() === '' ? Number.NaN : Number(text));
    return parsed.success && Number(parsed.data) % multiple === 0 ? Number(parsed.data) : undefined;
  },
});

/** A size that is typed. */
function typedSize(question: SizeQuestion): OtherValue<number> {
  const multiple = multipleOf(question);
  const { least, most } = IMAGE_SIZES;
  const prompt =
    multiple === 1
      ? l10n.t('Pixels: a whole number from {0} to {1}', least, most)
      : l10n.t('Pixels: a multiple of {0} from {1} to {2}', multiple, least, most);
  return typedNumber('imageSize', prompt, multiple);
}

/** Asks backbone, image size, device, protocol and subsets, one step each, back and forth. Undefined: the user left. */
export async function askOptions(host: Host, folder: Uri): Promise<ScoreOverrides | undefined> {
  const known = await host.backbones.list();
  const { fit, ...set } = settingsFor(folder);
  const settings = options.parse(set);
  const answers: Options = { ...settings, ...lastOptions(host.memento) };
  const title = l10n.t('Score With Options');
  const step = <K extends keyof Options>(
    key: K,
    placeholder: string,
    items: () => readonly Item<Options[K]>[],
    other?: () => OtherValue<Options[K]>,
  ) => ({
    key,
    make: (): Step<Options[K]> => ({
      title,
      placeholder,
      items: items(),
      active: answers[key],
      other: other?.(),
    }),
  });
  const own = <K extends keyof Options>(
    key: K,
    items: readonly Item<Options[K]>[],
    label: (value: Options[K]) => string = String,
  ) => withOwn(items, settings[key], answers[key], label);
  const size = (): SizeQuestion => ({ entry: known.find(({ entry }) => entry.id === answers.backbone)?.entry, fit });
  const steps = [
    step('backbone', l10n.t('Which backbone?'), () => [
      ...own('backbone', backboneItems(known)),
      ...installItem(known),
    ]),
    step(
      'imageSize',
      l10n.t('How large should pictures go in? Larger finds smaller defects and takes longer.'),
      () => takenBy(size(), own('imageSize', sizeItems(size()), pixels)),
      () => typedSize(size()),
    ),
    step('device', l10n.t('Where should it run?'), () => own('device', devices())),
    step('protocol', l10n.t('Which protocol?'), protocolItems),
    step(
      'subsets',
      l10n.t('How many subsets? More are faster and see fewer pictures each.'),
      () => own('subsets', subsetItems()),
      () => typedNumber('subsets', l10n.t('Subsets: a whole number from {0} to {1}', 1, 1000)),
    ),
  ] as const;
  for (let at = 0; at < steps.length;) {
    const { key, make } = steps[at];
    const answer = await askStep<unknown>(make(), at + 1, steps.length);
    if (answer === 'left') return undefined;
    if (answer === 'back') at--;
    else if (key === 'backbone' && answer.value === INSTALL) {
      void commands.executeCommand('musc.installBackbone');
      return undefined;
    } else {
      Object.assign(answers, { [key]: answer.value });
      at++;
    }
  }
  await host.memento.update(KEY, answers);
  return answers;
}
