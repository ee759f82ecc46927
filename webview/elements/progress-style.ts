import { css } from 'lit';

/** A bar that fills from the left: `.track` around `.fill`, which is scaled. */
export const progressStyle = css`
  .track {
    overflow: hidden;
  }
  .fill {
    height: 100%;
    background: var(--vscode-progressBar-background, var(--accent));
    transform-origin: left;
    transition: transform 0.2s;
  }
  @media (forced-colors: active) {
    .track {
      forced-color-adjust: none;
      background: Canvas;
    }
    .fill {
      background: Highlight;
    }
  }
`;
