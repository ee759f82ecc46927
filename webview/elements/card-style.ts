import { css } from 'lit';

/** A card's own styles: picture, marks, score bar, text. */
export const cardStyle = css`
  :host {
    display: block;
    contain: strict;
  }
  .picture {
    position: relative;
    height: calc(100% - 29px);
    background: var(--tile);
    border-radius: 3px;
    overflow: hidden;
  }
  img,
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  canvas {
    pointer-events: none;
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
  }
  .problem {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 4px;
    padding: 6px;
    color: var(--muted);
    font-size: 11px;
    text-align: center;
  }
  .bar {
    position: relative;
    height: 4px;
    margin: 4px 0 2px;
    background: color-mix(in srgb, var(--muted) 22%, transparent);
    border-radius: 2px;
  }
  .fill {
    height: 100%;
    width: 100%;
    transform-origin: left;
    background: color-mix(in srgb, var(--muted) 70%, var(--bg));
    border-radius: 2px;
  }
  .flagged .fill {
    background: var(--defect);
  }
  .tick {
    position: absolute;
    top: -2px;
    left: 0;
    width: 100%;
    height: 8px;
    border-left: 1px solid var(--strong);
    /* A layer of its own: moved for every card at every frame of a drag, without painting the pictures again. */
    will-change: transform;
  }
  .truth {
    forced-color-adjust: none;
  }
  @media (forced-colors: active) {
    .bar {
      forced-color-adjust: none;
      background: Canvas;
      outline: 1px solid CanvasText;
    }
    .fill {
      background: CanvasText;
    }
    .tick {
      border-left: 3px double CanvasText;
    }
  }
  .line {
    display: flex;
    gap: 6px;
    height: 19px;
    line-height: 19px;
    font-size: 11px;
    font-variant-numeric: tabular-nums;
  }
  .rank {
    font-weight: 600;
    color: var(--strong);
  }
  .name {
    display: flex;
    flex: 1;
    min-width: 0;
    color: var(--muted);
  }
  .name span {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* Names differ at their end: the folder gives way first. */
  .name .folder {
    flex-shrink: 1000;
  }
  .doubt {
    display: inline-flex;
    align-items: center;
    gap: 2px;
    color: var(--warn);
  }
  .doubt musc-icon {
    font-size: 12px;
    width: 12px;
    height: 12px;
  }
`;
