import { css } from 'lit';

/** A card's own styles: picture, score bar, text. */
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
  img {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    object-fit: contain;
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
  /* Without heat, a picture looks as if nothing were wrong. */
  .unread {
    position: absolute;
    right: 4px;
    bottom: 4px;
    padding: 1px;
    color: var(--warn);
    background: var(--bg);
    border-radius: 3px;
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
  @media (forced-colors: active) {
    .bar {
      forced-color-adjust: none;
      background: Canvas;
      outline: 1px solid CanvasText;
    }
    .fill {
      background: CanvasText;
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
  /* A score in doubt has no icon; colour alone would be nothing to many eyes, and is nothing where colours are forced. */
  .doubt.score {
    text-decoration: underline dotted;
    text-underline-offset: 2px;
  }
  .doubt musc-icon {
    font-size: 12px;
    width: 12px;
    height: 12px;
  }
`;
