import {
  Disposable,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from 'vscode';
import type { KnownBackbone } from '../core/backbone/registry';
import type { RegistryEntry } from '../core/backbone/registry-schema';
import type { Backbones } from './backbones';

export type BackboneNode =
  | {
      readonly kind: 'group';
      readonly title: string;
      readonly backbones: readonly KnownBackbone[];
      readonly open: boolean;
    }
  | { readonly kind: 'backbone'; readonly backbone: KnownBackbone };

/** The Backbones view: what can be used now, then what can be installed, with size and licence. */
export class BackbonesView implements TreeDataProvider<BackboneNode> {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #listening: Disposable;
  /** What was last shown to be in use: folders of a workspace may have their own, and it is that of the run in front. */
  #shown: string | undefined;

  constructor(private readonly backbones: Backbones) {
    const draw = () => this.#changed.fire(undefined);
    const look = () => {
      if (this.#shown !== undefined && this.#shown !== backbones.chosen) draw();
    };
    this.#listening = Disposable.from(
      backbones.onDidChange(draw),
      window.tabGroups.onDidChangeTabs(look),
      window.tabGroups.onDidChangeTabGroups(look), // another group is the active one
    );
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }

  async getChildren(node?: BackboneNode): Promise<BackboneNode[]> {
    if (node) return node.kind === 'group' ? node.backbones.map((backbone) => ({ kind: 'backbone', backbone })) : [];
    const known = await this.backbones.list();
    const group = (title: string, open: boolean, of: (backbone: KnownBackbone) => boolean): BackboneNode[] => {
      const backbones = known.filter(of);
      return backbones.length > 0 ? [{ kind: 'group', title, backbones, open }] : [];
    };
    return [
      ...group(l10n.t('On this machine'), true, (backbone) => !isAvailable(backbone)),
      ...group(l10n.t('Available to install'), true, isAvailable),
    ];
  }

  getTreeItem(node: BackboneNode): TreeItem {
    if (node.kind === 'backbone') {
      this.#shown = this.backbones.chosen;
      return backboneItem(node.backbone, node.backbone.entry.id === this.#shown);
    }
    const state = node.open ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
    const item = new TreeItem(node.title, state);
    item.id = node.title;
    return item;
  }
}

/** Whether it can be downloaded: what was imported comes back only by importing it again. */
export const isAvailable = ({ entry, file }: KnownBackbone): boolean => file === null && entry.source.kind === 'hub';

/** Size of a backbone's weights for people; "about" where it only follows from their number. */
export function sizeText(source: RegistryEntry['source']): string {
  const { bytes } = source;
  if (bytes === null) return l10n.t('size unknown');
  const size =
    bytes < 1e9 ? l10n.t('{0} MB', (bytes / 1e6).toPrecision(3)) : l10n.t('{0} GB', (bytes / 1e9).toFixed(2));
  return source.kind === 'hub' && source.estimated ? l10n.t('about {0}', size) : size;
}

/** How a backbone came to this machine, in a word; empty: it is not there. */
function originText({ entry: { source }, file }: KnownBackbone): string {
  switch (source.kind) {
    case 'embedded':
      return l10n.t('embedded');
    case 'imported':
      return file === null ? l10n.t('its file is missing') : l10n.t('imported');
    case 'hub':
      return file === null ? '' : l10n.t('installed');
  }
}

function backboneItem(backbone: KnownBackbone, chosen: boolean): TreeItem {
  const { entry, file } = backbone;
  const here = file !== null;
  const item = new TreeItem(entry.name, TreeItemCollapsibleState.None);
  item.id = entry.id;
  const parts = [chosen ? l10n.t('in use') : '', originText(backbone), sizeText(entry.source), entry.licence];
  item.description = parts.filter((part) => part !== '').join(' · ');
  item.iconPath = chosen
    ? new ThemeIcon('pass-filled', new ThemeColor('charts.green'))
    : new ThemeIcon(here ? 'circuit-board' : 'cloud-download');
  item.contextValue = [
    'backbone',
    ...(here && !chosen ? ['usable'] : []),
    ...(isAvailable(backbone) ? ['available'] : []),
    ...(entry.source.kind !== 'embedded' && !isAvailable(backbone) ? ['removable'] : []),
  ].join('.');
  item.tooltip = backboneTooltip(backbone);
  return item;
}

function backboneTooltip(backbone: KnownBackbone): MarkdownString {
  const { entry } = backbone;
  const tooltip = new MarkdownString();
  tooltip.appendMarkdown('**').appendText(entry.name).appendMarkdown('** `').appendText(entry.id).appendMarkdown('`');
  const lines = [
    entry.note,
    l10n.t('{0} px recommended', entry.imageSize),
    l10n.t('From: {0}', entry.source.kind === 'hub' ? entry.source.repository : originText(backbone)),
    l10n.t('Licence: {0}', entry.licence),
    entry.proven ? '' : l10n.t('Not yet proven against the published file.'),
  ];
  for (const line of lines) if (line !== '') tooltip.appendMarkdown('\n\n').appendText(line);
  return tooltip;
}
