import { css } from 'lit';

/** The benchmark's table: figures aligned, first column and mean in place while the rest scrolls. */
export const benchTableStyle = css`
  :host {
    display: block;
    min-width: 0;
  }
  .scroll {
    position: relative;
    overflow-x: auto;
    border: 1px solid var(--line);
    border-radius: 4px;
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 4px 9px;
    text-align: right;
    vertical-align: top;
    white-space: nowrap;
    border-bottom: 1px solid color-mix(in srgb, var(--muted) 18%, transparent);
  }
  thead th {
    padding: 3px 4px;
    font-weight: 400;
    background: var(--raised);
    border-bottom-color: var(--line);
  }
  thead button {
    min-height: 22px;
    gap: 2px;
    color: var(--muted);
  }
  thead th:not([aria-sort='none']) button {
    color: var(--strong);
    font-weight: 600;
  }
  th:first-child {
    position: sticky;
    left: 0;
    text-align: left;
    background: var(--bg);
    border-right: 1px solid color-mix(in srgb, var(--muted) 18%, transparent);
  }
  thead th:first-child {
    background: var(--raised);
  }
  tbody th,
  tfoot th {
    font-weight: 400;
  }
  .name {
    min-height: 0;
    padding: 0 3px;
  }
  button.quiet.name {
    padding: 0 3px;
    border: none;
    color: var(--vscode-textLink-foreground, var(--strong));
  }
  button.name:hover {
    text-decoration: underline;
  }
  small {
    display: block;
    color: var(--muted);
    font-size: 0.85em;
  }
  th small {
    padding: 0 3px;
  }
  small .up {
    color: color-mix(in srgb, var(--good) 75%, var(--strong));
  }
  small .down {
    color: color-mix(in srgb, var(--defect) 80%, var(--strong));
  }
  .failed {
    max-width: 0;
    text-align: left;
    color: var(--muted);
    white-space: normal;
    overflow-wrap: anywhere;
  }
  tbody tr:hover td,
  tbody tr:hover th {
    background: linear-gradient(var(--hover), var(--hover)), var(--bg);
  }
  .mean td,
  .mean th {
    border-bottom: none;
    border-top: 1px solid var(--line);
    background: var(--raised);
  }
  .mean td,
  .mean .name {
    font-weight: 600;
    color: var(--strong);
  }
  .mean small {
    font-weight: 400;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 20px;
    margin: 6px 0 0;
    color: var(--muted);
  }
`;
