import * as l10n from '@vscode/l10n';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { COLORMAPS, colour, type Colormap } from '../../extension/protocol/colormap';
import { memo } from '../state/store';
import { ARRANGEMENTS, type Arrangement } from '../state/view';
import { PanelElement } from './base';
import { checkbox } from './checkbox';
import { cssProperties } from './css-properties';
import { controls, tokens } from './style';

const NAMES: Readonly<Record<Colormap, () => string>> = {
  turbo: () => 'Turbo',
  viridis: () => 'Viridis',
  jet: () => 'Jet',
  grey: () => l10n.t('Grey'),
};
const LAYOUTS: Readonly<Record<Arrangement, () => string>> = {
  overlay: () => l10n.t('Overlay'),
  side: () => l10n.t('Side by side'),
  swipe: () => l10n.t('Swipe'),
  blink: () => l10n.t('Blink'),
};
/** Stops of the colour bar. */
const STOPS = 24;

/** How heat is drawn over the picture. */
@customElement('musc-heat-tools')
export class MuscHeatTools extends PanelElement {
  private readonly ramp = memo(ramp);

  static override styles = [
    tokens,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        font-size: 12px;
        color: var(--muted);
      }
      vscode-checkbox {
        margin-block: -4px;
        white-space: nowrap;
      }
      input[type='range'] {
        width: 76px;
      }
      .ramp {
        width: 56px;
        height: 9px;
        border-radius: 2px;
        forced-color-adjust: none;
      }
      .rest {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        margin-left: auto;
      }
      select {
        border-color: transparent;
        background: transparent;
      }
      select:hover {
        background: var(--vscode-dropdown-background);
        border-color: var(--vscode-dropdown-border, var(--line));
      }
      option {
        color: var(--vscode-dropdown-foreground, var(--fg));
        background: var(--vscode-dropdown-background, var(--bg));
      }
      .why {
        flex-basis: 100%;
        font-size: 11px;
      }
    `,
  ];

  protected override uses(): readonly unknown[] {
    const { phase, view } = this.panel.state;
    return [phase, view.heat];
  }

  override render() {
    const { heat } = this.panel.state.view;
    const { settings } = this.panel.derived.snapshot;
    const colormap = heat.colormap ?? settings.colormap;
    const scale = heat.scale ?? settings.heatmapScale;
    return html`
      ${checkbox(l10n.t('Heatmap'), heat.on, (on) => this.panel.setHeat({ on }), l10n.t('Heatmap on or off (H), opacity ([ and ])'))}
      <input
        type="range"
        min="0"
        max="100"
        aria-label=${l10n.t('Heatmap opacity, percent')}
        .value=${String(Math.round(heat.opacity * 100))}
        @input=${(e: Event) => this.panel.setHeat({ opacity: Number((e.target as HTMLInputElement).value) / 100 })}
      />
      <span class="ramp" ${cssProperties({ background: this.ramp(colormap) })}></span>
      <select
        aria-label=${l10n.t('Colormap')}
        .value=${colormap}
        @change=${(e: Event) => this.panel.setHeat({ colormap: (e.target as HTMLSelectElement).value as Colormap })}
      >
        ${COLORMAPS.map((name) => html`<option value=${name} .selected=${live(name === colormap)}>${NAMES[name]()}</option>`)}
      </select>
      <select
        aria-label=${l10n.t('Colour scale')}
        .value=${scale}
        @change=${(e: Event) =>
          this.panel.setHeat({ scale: (e.target as HTMLSelectElement).value === 'picture' ? 'picture' : 'run' })}
      >
        <option value="run" .selected=${live(scale === 'run')}>${l10n.t('Scale: whole run')}</option>
        <option value="picture" .selected=${live(scale === 'picture')}>${l10n.t('Scale: this picture')}</option>
      </select>
      <span class="rest">
        <select
          aria-label=${l10n.t('Arrangement')}
          .value=${heat.arrangement}
          @change=${(e: Event) =>
            this.panel.setHeat({ arrangement: (e.target as HTMLSelectElement).value as Arrangement })}
        >
          ${ARRANGEMENTS.map(
            (name) =>
              html`<option value=${name} .selected=${live(name === heat.arrangement)}>${LAYOUTS[name]()}</option>`,
          )}
        </select>
        ${this.check(l10n.t('Contour'), 'contour', l10n.t('Outline of what is above the threshold (C)'))}
        ${this.check(l10n.t('Truth'), 'outline', l10n.t('Outline of the ground truth (T)'))}
        ${this.check(l10n.t('Fill'), 'fill', l10n.t('Fill the ground truth (Shift+T)'))}
      </span>
      ${scale === 'picture' ? html`<span class="why">${pictureScaleText()}</span>` : ''}
    `;
  }

  private check(text: string, key: 'contour' | 'outline' | 'fill', title: string) {
    return checkbox(text, this.panel.state.view.heat[key], (on) => this.panel.setHeat({ [key]: on }), title);
  }
}

const pictureScaleText = () =>
  l10n.t(
    'Colours run from this picture’s own median to its own hottest patch: even a faultless picture looks hot. Compare pictures on the whole run’s scale.',
  );

function ramp(colormap: Colormap): string {
  const stops = Array.from({ length: STOPS }, (_, i) => {
    const [r, g, b] = colour(colormap, i / (STOPS - 1)).map((c) => Math.round(c * 255));
    return `rgb(${r} ${g} ${b})`;
  });
  return `linear-gradient(to right, ${stops.join(', ')})`;
}
