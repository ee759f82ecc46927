import { css } from 'lit';

/** The grid's own styles: the scrolling space, rows and cells. */
export const gridStyle = css`
  :host {
    display: block;
    position: relative;
    min-width: 0;
    min-height: 0;
  }
  .scroll {
    height: 100%;
    overflow: hidden auto;
    outline: none;
    overflow-anchor: none;
    scrollbar-gutter: stable;
  }
  .space {
    position: relative;
    width: 1px;
  }
  .row {
    position: absolute;
    left: 0;
    top: 0;
    display: flex;
    will-change: transform;
  }
  .cell {
    padding: 5px;
    border: 1px solid transparent;
    border-radius: 6px;
    cursor: pointer;
  }
  .cell:hover {
    background: var(--hover);
  }
  .cell.selected {
    background: var(--vscode-list-inactiveSelectionBackground, var(--hover));
    border-color: color-mix(in srgb, var(--focus) 55%, transparent);
  }
  .cell.current {
    border-color: var(--vscode-contrastActiveBorder, var(--focus));
    background: color-mix(in srgb, var(--focus) 16%, transparent);
  }
  .scroll:focus-visible .cell.active {
    outline: 2px solid var(--focus);
    outline-offset: -1px;
  }
  .scroll.alone:focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: -2px;
  }
  @media (forced-colors: active) {
    .cell {
      border-color: Canvas;
    }
    .cell.selected {
      border: 2px dashed Highlight;
      padding: 4px;
    }
    .cell.current {
      border-style: solid;
      outline: 1px solid Highlight;
    }
  }
  musc-card {
    width: 100%;
    height: 100%;
  }
  .empty {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 10px;
    padding: 20px;
    color: var(--muted);
    text-align: center;
    pointer-events: none;
  }
  .empty vscode-button {
    pointer-events: auto;
  }
`;
