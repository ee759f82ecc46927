import { css } from 'lit';

/** What lies over a row's pictures. The host begins where the first picture does. */
export const rowMarksStyle = css`
  :host {
    position: absolute;
    pointer-events: none;
  }
  canvas {
    position: absolute;
    left: 0;
    top: 0;
  }
  .marks {
    position: absolute;
    top: 0;
  }
  .badge,
  .truth {
    position: absolute;
    top: 4px;
    font-size: 11px;
    line-height: 15px;
    color: white;
  }
  .badge {
    left: 4px;
    padding: 0 5px;
    font-weight: 600;
    border-radius: 3px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
  }
  .badge.l0 {
    background: color-mix(in srgb, var(--good) 48%, black);
  }
  .badge.l1 {
    background: color-mix(in srgb, var(--defect) 62%, black);
  }
  .badge.l2 {
    background: color-mix(in srgb, var(--unsure) 50%, black);
  }
  .truth {
    right: 6px;
    width: 9px;
    height: 9px;
    margin-top: 3px;
    background: white;
    box-shadow: 0 0 0 1px black;
    transform: rotate(45deg);
    forced-color-adjust: none;
  }
  .ticks {
    position: absolute;
    left: 0;
    /* A layer of its own: moved at every frame of a drag, without painting the pictures again. */
    will-change: transform;
  }
  .tick {
    position: absolute;
    height: 8px;
    border-left: 1px solid var(--strong);
  }
  @media (forced-colors: active) {
    .tick {
      border-left: 3px double CanvasText;
    }
  }
`;
