import * as l10n from '@vscode/l10n';
import { css, html, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { colormapTable, type Colormap } from '../../extension/protocol/colormap';
import { pictureScale } from '../../extension/protocol/heat-scale';
import { LatestPicture } from '../controllers/latest-picture';
import type { Heat, PatchPlace } from '../controllers/stage-painter';
import * as format from '../model/format';
import type { Size } from '../model/geometry';
import type { PatchMap } from '../model/sample';
import { heatmapUnread, maskUnread } from '../model/unread-text';
import { memo } from '../state/store';
import { PanelElement } from './base';
import { button } from './button';
import './problem-note';
import './stage';
import type { MuscStage } from './stage';
import { controls, tokens } from './style';

/** The current image on its stage, with its heat and truth, and what of it can't be shown. Fires `musc-patch` as the stage does. */
@customElement('musc-current-picture')
export class MuscCurrentPicture extends PanelElement {
  @property({ attribute: false }) patch: PatchPlace | null = null;
  @query('musc-stage') private stage!: MuscStage | null;

  private readonly latest = new LatestPicture(this, () => this.panel);
  private readonly coloursMemo = memo((name: Colormap) => colormapTable(name));
  private readonly ownScale = memo(pictureScale);
  private unlisten: (() => void) | undefined;

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 6px;
        min-height: 0;
      }
      musc-stage {
        flex: 1 1 auto;
        min-height: 0;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.unlisten = this.panel.maps.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten?.();
  }

  private heatOf(map: PatchMap | undefined): Heat | null {
    if (!map) return null;
    const { heat } = this.panel.state.view;
    const { snapshot, scale, mapThreshold } = this.panel.derived;
    const own = (heat.scale ?? snapshot.settings.heatmapScale) === 'picture';
    return {
      map,
      scale: own ? this.ownScale(map.data) : scale,
      colours: this.coloursMemo(heat.colormap ?? snapshot.settings.colormap),
      opacity: heat.on ? heat.opacity : 0,
      contour: heat.contour ? mapThreshold : null,
    };
  }

  /** Of the image shown, px. */
  get pictureSize(): Size {
    const { current } = this.panel.state;
    const { width, height } = this.panel.derived.snapshot.run.images[current ?? 0];
    return this.latest.sizeOr({ width, height });
  }

  override focus(options?: FocusOptions): void {
    this.stage?.focus(options);
  }

  /** With its stage, which can have the focus from then on. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const complete = await super.getUpdateComplete();
    await this.stage?.updateComplete;
    return complete;
  }

  /** Zoom, pan and blink keys. */
  handleKey(event: KeyboardEvent): boolean {
    return this.stage?.handleKey(event) ?? false;
  }

  override render() {
    const { current, view } = this.panel.state;
    if (current === null) return nothing;
    return html`
      <musc-stage
        .picture=${this.latest.source}
        .pictureSize=${this.pictureSize}
        .heat=${this.heatOf(this.panel.maps.peek(current))}
        .mask=${this.latest.mask}
        .outline=${view.heat.outline}
        .fill=${view.heat.fill}
        .arrangement=${view.heat.arrangement}
        .patch=${this.patch}
        .label=${this.stageLabel(current)}
        @musc-patch=${(e: CustomEvent<PatchPlace>) =>
          this.dispatchEvent(new CustomEvent('musc-patch', { detail: e.detail }))}
      ></musc-stage>
      ${this.problems(current)}
    `;
  }

  private stageLabel(current: number): string {
    const { table } = this.panel.derived;
    const [path, score] = [table.path[current], format.score(table.score[current])];
    return this.panel.state.view.heat.on && this.panel.maps.errorOf(current) === undefined
      ? l10n.t('{0}, score {1}, with heatmap', path, score)
      : l10n.t('{0}, score {1}, without heatmap', path, score);
  }

  /** What of the image can't be shown, and why. A mask without its picture would lie over nothing. */
  private problems(current: number) {
    const missing = this.panel.missingReason(current);
    const picture = missing ?? this.latest.problem;
    const map = this.panel.maps.errorOf(current);
    const mask = picture === undefined ? this.latest.maskProblem : undefined;
    // A damaged picture is found in no other folder, nor what the workspace's trust keeps back.
    const relink =
      missing === undefined || this.panel.derived.snapshot.restricted
        ? nothing
        : button(l10n.t('Find the folder …'), () => this.panel.command('relink'), { slot: 'action' });
    return html`
      ${picture ? html`<musc-problem-note>${picture}${relink}</musc-problem-note>` : nothing}
      ${map ? html`<musc-problem-note>${heatmapUnread(map)}</musc-problem-note>` : nothing}
      ${mask ? html`<musc-problem-note>${maskUnread(mask)}</musc-problem-note>` : nothing}
    `;
  }
}
