import { css } from 'lit';

/** Space below the bars for the threshold's value, px. */
export const FOOT = 20;

/** The histogram's own styles: bars, the bin that is read, the threshold's handle. */
export const histogramStyle = css`
  :host {
    display: block;
    position: relative;
    min-width: 0;
    min-height: 72px;
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
  }
  .defect {
    fill: var(--defect);
  }
  .unknown {
    fill: var(--unknown);
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
    top: 0;
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
    }
    .unknown {
      fill: GrayText;
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
  .bin {
    position: absolute;
    top: 0;
    left: 4px;
    padding: 1px 6px;
    font-size: 11px;
    color: var(--fg);
    background: color-mix(in srgb, var(--bg) 85%, transparent);
    border-radius: 3px;
    pointer-events: none;
    font-variant-numeric: tabular-nums;
  }
  .bin.atRight {
    left: auto;
    right: 4px;
  }
`;
