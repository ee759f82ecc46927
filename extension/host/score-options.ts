import { commands, l10n, type Memento, type QuickPickItem, ThemeIcon, type Uri } from 'vscode';
import * as z from 'zod';
import type { KnownBackbone } from '../core/backbone/registry';
import { adviceText } from './backbone-advice';
import { devices } from './devices';
import type { Host } from './host';
import { askStep, type Step } from './quick-steps';
import type { ScoreOverrides } from './scoring';
import { scoreSettings } from './score-settings';
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

function backboneItems(known: readonly KnownBackbone[], current: string): Item<string>[] {
  const usable = known.filter(({ file }) => file !== null);
  const items = usable.map(({ entry }): Item<string> => ({
    label: entry.name,
    description: entry.id,
    detail: adviceText(entry),
    iconPath: new ThemeIcon('circuit-board'),
    value: entry.id,
  }));
  if (!items.some((item) => item.value === current))
    items.push({
      label: current,
      description: l10n.t('from the settings'),
      iconPath: new ThemeIcon('file'),
      value: current,
    });
  if (usable.length < known.length)
    items.push({
      label: l10n.t('Install Another Backbone...'),
      description: l10n.t('{0} are known', known.length - usable.length),
      iconPath: new ThemeIcon('cloud-download'),
      value: INSTALL,
    });
  return items;
}

const sizeItems = (recommended: number | undefined): Item<number | null>[] => [
  {
    label: l10n.t('Recommended'),
    description: recommended === undefined ? l10n.t("the backbone's own") : l10n.t('{0} px', recommended),
    value: null,
  },
  ...SIZES.filter((size) => size !== recommended).map((size) => ({ label: l10n.t('{0} px', size), value: size })),
];

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
        ? l10n.t('by the number of pictures')
        : value === 1
          ? l10n.t('every pair')
          : l10n.t('about {0} times faster', value),
    value,
  }));

/** Asks backbone, image size, device, protocol and subsets, one step each, back and forth. Undefined: the user left. */
export async function askOptions(host: Host, folder: Uri): Promise<ScoreOverrides | undefined> {
  const known = await host.backbones.list();
  const settings = options.parse({ ...settingsFor(folder) });
  const answers: Options = { ...settings, ...lastOptions(host.memento) };
  const title = l10n.t('Score With Options');
  const step = <K extends keyof Options>(key: K, placeholder: string, items: () => Item<Options[K]>[]) => ({
    key,
    make: (): Step<Options[K]> => ({ title, placeholder, items: items(), active: answers[key] }),
  });
  const recommended = () => known.find(({ entry }) => entry.id === answers.backbone)?.entry.imageSize;
  const steps = [
    step('backbone', l10n.t('Which backbone?'), () => backboneItems(known, settings.backbone)),
    step('imageSize', l10n.t('How large should pictures go in? Larger finds smaller defects and takes longer.'), () =>
      sizeItems(recommended()),
    ),
    step('device', l10n.t('Where should it run?'), () => devices()),
    step('protocol', l10n.t('Which protocol?'), protocolItems),
    step('subsets', l10n.t('How many subsets? More are faster and see fewer pictures each.'), subsetItems),
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
