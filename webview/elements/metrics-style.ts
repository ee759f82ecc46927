import { css } from 'lit';

/** Headings, texts and curves of the metrics pane. */
export const metricsStyle = css`
  h2 {
    margin: 16px 0 6px;
    font-size: 1em;
    font-weight: 600;
    color: var(--strong);
  }
  .curves {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(220px, 1fr));
    gap: 12px 18px;
  }
  p {
    margin: 0 0 8px;
    font-size: 12px;
    line-height: 17px;
    color: var(--muted);
  }
`;
