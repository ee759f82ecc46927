import { css } from 'lit';

/** Space below the bars for the threshold's value, px. */
export const FOOT = 20;
/** Above them, for what they mean or what is read, px. */
export const HEAD = 15;

/** The histogram's own styles: bars, the bin that is read, the threshold's handle. */
export const histogramStyle = css`
  :host {
    display: block;
    position: relative;
    min-width: 0;
    min-height: 80px;
    touch-action: none;
  }
  svg {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    overflow: visible;
    cursor: ew-resize;
  }
  .good {
    fill: var(--good);
    --swatch: var(--good);
  }
  .defect {
    fill: var(--defect);
    --swatch: var(--defect);
  }
  .unknown {
    fill: var(--unknown);
    --swatch: var(--unknown);
  }
  .base {
    stroke: var(--line);
  }
  .read {
    fill: color-mix(in srgb, var(--strong) 14%, transparent);
  }
  .handle {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 13px;
    margin-left: -6px;
    cursor: ew-resize;
    touch-action: none;
  }
  .handle::before {
    content: '';
    position: absolute;
    left: 5px;
    top: ${HEAD}px;
    bottom: ${FOOT - 4}px;
    width: 2px;
    background: var(--strong);
    border-radius: 1px;
  }
  .handle:focus-visible {
    outline: none;
  }
  .handle:focus-visible .value {
    outline: 2px solid var(--focus);
  }
  .value {
    position: absolute;
    bottom: 0;
    left: 6px;
    transform: translateX(-50%);
    padding: 0 6px;
    font-size: 11px;
    line-height: 16px;
    font-variant-numeric: tabular-nums;
    color: var(--bg);
    background: var(--strong);
    border-radius: 3px;
    white-space: nowrap;
  }
  .value.atLeft {
    transform: none;
    left: 0;
  }
  .value.atRight {
    transform: none;
    left: auto;
    right: 0;
  }
  @media (forced-colors: active) {
    .good {
      fill: Canvas;
      stroke: CanvasText;
      --swatch: Canvas;
    }
    .defect {
      fill: url(#hatch);
      stroke: CanvasText;
      --swatch: repeating-linear-gradient(135deg, CanvasText 0 1.5px, Canvas 1.5px 3px);
    }
    .stripe {
      fill: CanvasText;
    }
    .unknown {
      fill: GrayText;
      --swatch: GrayText;
    }
    .legend span::before {
      forced-color-adjust: none;
      outline: 1px solid CanvasText;
    }
    .base {
      stroke: CanvasText;
    }
    .read {
      fill: none;
      stroke: Highlight;
    }
    .handle {
      forced-color-adjust: none;
    }
    .handle::before,
    .value {
      color: Canvas;
      background: CanvasText;
    }
  }
  .ends {
    position: absolute;
    inset: auto 0 0;
    display: flex;
    justify-content: space-between;
    font-size: 11px;
    line-height: 16px;
    color: var(--muted);
    font-variant-numeric: tabular-nums;
    pointer-events: none;
  }
  .head {
    position: absolute;
    top: -2px;
    left: 0;
    font-size: 11px;
    line-height: 14px;
    pointer-events: none;
  }
  .legend {
    display: flex;
    gap: 10px;
    color: var(--muted);
    white-space: nowrap;
  }
  .legend span::before {
    content: '';
    display: inline-block;
    width: 7px;
    height: 7px;
    margin-right: 4px;
    background: var(--swatch);
  }
  .bin {
    color: var(--fg);
    background: color-mix(in srgb, var(--bg) 85%, transparent);
    font-variant-numeric: tabular-nums;
  }
`;
