import { css } from 'lit';

/** Tables of figures: the first column names, the others are right-aligned numbers. */
export const tableStyle = css`
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 3px 8px;
    text-align: right;
    border-bottom: 1px solid color-mix(in srgb, var(--muted) 18%, transparent);
  }
  th {
    font-weight: 400;
    color: var(--muted);
  }
  th:first-child,
  td:first-child {
    text-align: left;
    padding-left: 0;
  }
`;
