import { css } from 'lit';

/** The stage's own styles: canvases, notes over the picture, the swipe divider. */
export const stageStyle = css`
  :host {
    display: block;
    position: relative;
    min-height: 0;
    overflow: hidden;
    background: color-mix(in srgb, black 82%, var(--bg));
    border-radius: 3px;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    touch-action: none;
    cursor: crosshair;
  }
  .above {
    pointer-events: none;
  }
  canvas:focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: -2px;
  }
  .note,
  .swipe {
    forced-color-adjust: none;
  }
  .note {
    position: absolute;
    padding: 2px 8px;
    color: white;
    background: var(--scrim);
    border-radius: 3px;
    font-size: 11px;
    line-height: 16px;
    pointer-events: none;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .readout {
    left: 8px;
    bottom: 8px;
  }
  .zoom {
    right: 8px;
    bottom: 8px;
  }
  .left {
    left: 8px;
    top: 8px;
  }
  .right {
    top: 8px;
    left: calc(50% + 11px);
  }
  /* Only of a map that is not there for a while: those that are on their way come within a few frames. */
  .absent {
    top: 34px;
    max-width: calc(50% - 24px);
    white-space: normal;
    animation: later 200ms;
  }
  @keyframes later {
    from,
    to {
      visibility: hidden;
    }
  }
  .legend {
    right: 8px;
    top: 8px;
    display: flex;
    gap: 10px;
  }
  .legend.low {
    inset: auto auto 32px 8px;
  }
  .legend span::before {
    content: '';
    display: inline-block;
    width: 12px;
    margin-right: 5px;
    vertical-align: middle;
    border-top: 2px solid currentColor;
  }
  .legend .truth::before {
    border-top-style: dashed;
  }
  .legend .contour::before {
    border-color: var(--vscode-charts-red, red);
  }
  .swipe {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 11px;
    margin-left: -5px;
    padding: 0;
    border: 0;
    background:
      linear-gradient(white, white) 5px 0 / 1px 100% no-repeat,
      linear-gradient(black, black) 4px 0 / 3px 100% no-repeat;
    cursor: ew-resize;
    touch-action: none;
  }
  .swipe::after {
    content: '';
    position: absolute;
    top: calc(50% - 11px);
    left: -6px;
    width: 22px;
    height: 22px;
    border: 1px solid black;
    border-radius: 50%;
    background: white;
  }
`;
