import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { PatchPlace } from '../controllers/stage-painter';
import { doubtOf, type Doubt } from '../model/doubt';
import * as format from '../model/format';
import { clamp } from '../model/geometry';
import { keyName } from '../model/key-name';
import { readingOf, readingText } from '../model/readout';
import { peakOf, type PatchMap } from '../model/sample';
import { DEFECT, GOOD } from '../model/table';
import { heatmapUnread } from '../model/unread-text';
import { PanelElement } from './base';
import './current-picture';
import type { MuscCurrentPicture } from './current-picture';
import './heat-tools';
import './icon';
import type { IconName } from './icon';
import './label-buttons';
import { controls, tokens } from './style';
import './why';

const DOUBTS: Readonly<Record<Doubt, () => string>> = {
  truth: () => l10n.t('reviewer and score agree against the ground truth'),
  label: () => l10n.t('the label differs from ground truth and score'),
  score: () => l10n.t('the score contradicts what is known'),
};
const TRUTHS: Readonly<Record<number, (() => string) | undefined>> = {
  [GOOD]: () => l10n.t('truth: good'),
  [DEFECT]: () => l10n.t('truth: defect'),
};

/** Rows down and columns right, by key. */
const PATCH_KEYS: Readonly<Record<string, readonly [number, number] | undefined>> = {
  i: [-1, 0],
  k: [1, 0],
  j: [0, -1],
  l: [0, 1],
};

/** Whether a key chooses a patch. */
export const isPatchKey = (event: KeyboardEvent): boolean => {
  const key = keyName(event);
  return key === 'w' || PATCH_KEYS[key] !== undefined;
};

/** One image: picture, heat, label, and why. */
@customElement('musc-image-pane')
export class MuscImagePane extends PanelElement {
  @query('musc-current-picture') private picture!: MuscCurrentPicture | null;
  @state() private patch: PatchPlace | null = null;
  private patchOf: number | null = null;

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 6px;
        min-height: 0;
        height: 100%;
        padding: 6px 12px 8px;
        container: pane / inline-size;
      }
      musc-current-picture {
        flex: 1 1 220px;
        min-height: 160px;
      }
      .title {
        display: grid;
        grid-template: 'name actions decide' 'facts facts facts' / minmax(0, 1fr) max-content max-content;
        align-items: center;
        gap: 2px 10px;
        padding-bottom: 6px;
        border-bottom: 1px solid var(--line);
        font-variant-numeric: tabular-nums;
      }
      /* A long name loses its beginning: the end tells images apart. */
      b {
        grid-area: name;
        overflow: hidden;
        direction: rtl;
        text-align: left;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--strong);
      }
      /* As high without a doubt as with one: nothing around it moves from image to image. */
      .facts {
        grid-area: facts;
        display: flex;
        gap: 0 12px;
        height: 16px;
        overflow: hidden;
        white-space: nowrap;
      }
      .scores,
      .doubt {
        font-size: 12px;
        line-height: 16px;
        color: var(--muted);
      }
      .doubt {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        color: var(--warn);
      }
      .doubt musc-icon {
        margin-right: 4px;
        vertical-align: top;
      }
      .decide {
        grid-area: decide;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        font-size: 12px;
        color: var(--muted);
      }
      .actions {
        grid-area: actions;
        display: inline-flex;
      }
      @container pane (width < 520px) {
        .title {
          grid-template:
            'name name actions' 'scores doubt doubt' 'decide doubt doubt' / max-content minmax(0, 1fr)
            max-content;
        }
        .facts {
          display: contents;
        }
        .scores {
          grid-area: scores;
        }
        .doubt {
          grid-area: doubt;
          align-self: end;
          display: -webkit-box;
          max-height: 44px;
          line-height: 14px;
          white-space: normal;
          -webkit-box-orient: vertical;
          -webkit-line-clamp: 3;
        }
        .doubt musc-icon {
          margin-block: -1px;
        }
      }
      @container pane (width < 410px) {
        .title {
          grid-template: 'name actions' 'facts facts' 'decide decide' / minmax(0, 1fr) max-content;
        }
        .facts {
          display: block;
          height: 32px;
          white-space: normal;
        }
        .doubt {
          display: inline;
          margin-left: 8px;
          line-height: 16px;
        }
      }
      .none {
        margin: auto;
        color: var(--muted);
      }
    `,
  ];

  protected override willUpdate(): void {
    super.willUpdate();
    const { current } = this.panel.state;
    if (current === this.patchOf) return;
    this.patchOf = current;
    this.patch = null;
  }

  /** The map that keys choose patches of; where it could not be read, that is said. */
  private mapOf(current: number | null): PatchMap | undefined {
    if (current === null) return undefined;
    const problem = this.panel.maps.errorOf(current);
    if (problem !== undefined) this.panel.say(heatmapUnread(problem));
    return this.panel.maps.peek(current);
  }

  /** Gives the focus to the picture. */
  override focus(options?: FocusOptions): void {
    this.picture?.focus(options);
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    const complete = await super.getUpdateComplete();
    await this.picture?.updateComplete;
    return complete;
  }

  /** Explains a patch. */
  explain(patch: PatchPlace): void {
    this.patch = patch;
  }

  /** Explains the hottest patch. */
  explainPeak(): void {
    const { current } = this.panel.state;
    const map = this.mapOf(current);
    if (!map) return;
    const { row, column } = peakOf(map);
    this.choose(map, { row, column });
  }

  /** Chooses a patch without a pointer, and says where it is and what it has. */
  private choose(map: PatchMap, patch: PatchPlace): void {
    this.patch = patch;
    if (this.picture) this.panel.say(readingText(readingOf(map, this.picture.pictureSize, patch)));
  }

  /** Moves the chosen patch; from the hottest one when none is chosen. */
  private movePatch(down: number, right: number): void {
    const { current } = this.panel.state;
    const map = this.mapOf(current);
    if (!map) return;
    const from = this.patch ?? peakOf(map);
    this.choose(map, {
      row: clamp(from.row + down, 0, map.height - 1),
      column: clamp(from.column + right, 0, map.width - 1),
    });
  }

  /** Does what was asked for below the picture; the button that asked for it goes, and the picture takes its focus. */
  private fromWhy(act: () => void): void {
    act();
    this.focus();
  }

  /** Zoom, pan and blink keys reach the stage from anywhere in the panel. */
  handleKey(event: KeyboardEvent): boolean {
    const key = keyName(event);
    const move = PATCH_KEYS[key];
    if (key === 'w') this.explainPeak();
    else if (move) this.movePatch(...move);
    else return this.picture?.handleKey(event) ?? false;
    return true;
  }

  override render() {
    const { current } = this.panel.state;
    if (current === null) return html`<p class="none">${l10n.t('No image is selected.')}</p>`;
    return html`
      <musc-heat-tools .panel=${this.panel}></musc-heat-tools>
      <musc-current-picture
        .panel=${this.panel}
        .patch=${this.patch}
        @musc-patch=${(e: CustomEvent<PatchPlace>) => this.explain(e.detail)}
      ></musc-current-picture>
      ${this.heading(current)}
      <musc-why
        .panel=${this.panel}
        .image=${current}
        .patch=${this.patch}
        @musc-explain=${() => this.fromWhy(() => this.explainPeak())}
        @musc-open=${(e: CustomEvent<number>) => this.fromWhy(() => this.panel.select(e.detail))}
      ></musc-why>
    `;
  }

  /** A button for the image shown, whatever else is selected. */
  private action(command: 'revealInExplorer' | 'openPicture', current: number, icon: IconName, name: string) {
    return html`<button
      class="quiet"
      aria-label=${name}
      title=${name}
      @click=${() => this.panel.command(command, { images: [current] })}
    >
      <musc-icon name=${icon}></musc-icon>
    </button>`;
  }

  private scores(current: number): string {
    const { table } = this.panel.derived;
    const [score, raw] = [table.score, table.rawScore].map((column) => format.score(column[current]));
    const scores = raw === score ? l10n.t('score {0}', score) : l10n.t('score {0} (raw {1})', score, raw);
    const truth = TRUTHS[table.truth[current]]?.();
    return truth === undefined ? scores : `${scores} · ${truth}`;
  }

  /** What to know of the score: that it is another picture's, else what speaks against it. */
  private mark(current: number) {
    if (this.panel.state.changed.has(current)) return mark('warning', l10n.t('replaced or edited since it was scored'));
    const doubt = doubtOf(current, this.panel.derived.facts);
    return doubt ? mark('question', DOUBTS[doubt]()) : nothing;
  }

  private heading(current: number) {
    const { table } = this.panel.derived;
    return html`<div class="title">
      <b title=${table.path[current]}><bdi>${format.shortPath(table.path[current])}</bdi></b>
      <span class="actions">
        ${this.action('revealInExplorer', current, 'folder', l10n.t('Show in the explorer'))}
        ${this.action('openPicture', current, 'file', l10n.t('Open the picture'))}
      </span>
      <span class="facts"><span class="scores">${this.scores(current)}</span>${this.mark(current)}</span>
      <span class="decide">
        <musc-label-buttons .panel=${this.panel}></musc-label-buttons>
      </span>
    </div>`;
  }
}

const mark = (icon: IconName, text: string) =>
  html` <span class="doubt" title=${text}><musc-icon name=${icon}></musc-icon>${text}</span>`;
