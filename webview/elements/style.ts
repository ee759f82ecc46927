import { css, unsafeCSS } from 'lit';

/** A window that is narrow, or small both ways as when it is enlarged to 200 %: the panel shows one thing at a time. */
export const NARROW = '(max-width: 700px) or ((max-width: 1000px) and (max-height: 560px))';
/** The same for `@container`; a condition can't be a custom property. */
export const compact = unsafeCSS(`app (${NARROW})`);

/** Colours and sizes by meaning, all from the editor's theme. */
export const tokens = css`
  :host {
    --fg: var(--vscode-foreground);
    --strong: var(--vscode-editor-foreground, var(--vscode-foreground));
    --muted: var(--vscode-descriptionForeground, var(--vscode-foreground));
    --bg: var(--vscode-editor-background);
    --raised: var(--vscode-sideBar-background, var(--vscode-editor-background));
    --tile: var(--vscode-editorWidget-background, var(--vscode-sideBar-background));
    --line: var(
      --vscode-contrastBorder,
      var(--vscode-panel-border, var(--vscode-widget-border, var(--vscode-editorWidget-border)))
    );
    --button-line: var(
      --vscode-contrastBorder,
      var(--vscode-button-secondaryBorder, var(--vscode-button-border, transparent))
    );
    --hover: var(--vscode-list-hoverBackground);
    --focus: var(--vscode-focusBorder);
    --accent: var(--vscode-button-background, var(--vscode-focusBorder));
    --defect: var(--vscode-charts-red, var(--vscode-errorForeground));
    --good: var(--vscode-charts-green, var(--vscode-testing-iconPassed));
    --unsure: var(--vscode-charts-yellow, var(--vscode-editorWarning-foreground));
    /* As text, on any of the backgrounds: the theme's marks alone are too pale in light themes. */
    --warn: color-mix(in srgb, var(--vscode-editorWarning-foreground, var(--unsure)) 58%, var(--fg));
    --good-text: color-mix(in srgb, var(--good) 62%, var(--fg));
    --defect-text: color-mix(in srgb, var(--defect) 72%, var(--fg));
    --error-text: color-mix(in srgb, var(--vscode-errorForeground, var(--defect)) 66%, var(--fg));
    --unknown: var(--vscode-charts-blue, var(--vscode-descriptionForeground));
    --scrim: color-mix(in srgb, black 68%, transparent);
    font-size: var(--vscode-font-size, 13px);
    color: var(--fg);
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 1px solid var(--focus);
    outline-offset: 1px;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
  /* The editor's own setting. */
  :host-context(.vscode-reduce-motion) * {
    transition: none !important;
    animation: none !important;
  }
  /* Chosen colours: what colour alone would say is said with the system's own. */
  @media (forced-colors: active) {
    :host {
      --good: CanvasText;
      --defect: Highlight;
      --unsure: GrayText;
      --focus: Highlight;
      --line: CanvasText;
    }
  }
`;

/** Text for a screen reader alone. */
export const said = css`
  .said {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
`;

/** Buttons, fields and selects that look like the editor's own. */
export const controls = css`
  button,
  select,
  input {
    font: inherit;
    color: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    min-height: 24px;
    padding: 2px 9px;
    color: var(--vscode-button-secondaryForeground, var(--fg));
    background: var(--vscode-button-secondaryBackground, transparent);
    border: 1px solid var(--button-line);
    border-radius: 4px;
    white-space: nowrap;
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    background: var(--vscode-button-secondaryHoverBackground, var(--hover));
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  /* The editor's own, in the size of the text around it. */
  vscode-button::part(base) {
    gap: 5px;
    padding: 0 9px;
    font-size: inherit;
  }
  /* High contrast themes have no such colours, and the library then colours of its own. */
  vscode-button[secondary]::part(base) {
    color: var(--vscode-button-secondaryForeground, var(--fg));
    background-color: var(--vscode-button-secondaryBackground, transparent);
    border-color: var(--button-line);
  }
  vscode-button[secondary]:not([disabled]):is(:hover, :focus)::part(base) {
    background-color: var(--vscode-button-secondaryHoverBackground, var(--hover));
  }
  button.quiet {
    color: inherit;
    background: transparent;
    border-color: transparent;
    padding: 2px 5px;
  }
  button.quiet:hover:not(:disabled) {
    background: var(--vscode-toolbar-hoverBackground, var(--hover));
  }
  button[aria-pressed='true'].quiet {
    color: var(--vscode-inputOption-activeForeground, var(--strong));
    background: var(--vscode-inputOption-activeBackground, var(--hover));
    border-color: var(--vscode-inputOption-activeBorder, transparent);
    /* High contrast themes have no background for what is on, and the same border for everything. */
    box-shadow: inset 0 0 0 2px var(--vscode-contrastActiveBorder, transparent);
  }
  select {
    field-sizing: content;
    min-height: 24px;
    max-width: 100%;
    padding: 1px 3px;
    color: var(--vscode-dropdown-foreground, var(--fg));
    background: var(--vscode-dropdown-background, var(--bg));
    border: 1px solid var(--vscode-dropdown-border, var(--line));
    border-radius: 4px;
  }
  input[type='number'] {
    min-height: 24px;
    padding: 1px 7px;
    color: var(--vscode-input-foreground, var(--fg));
    background: var(--vscode-input-background, var(--bg));
    border: 1px solid var(--vscode-input-border, var(--line));
    border-radius: 4px;
  }
  input[type='range'] {
    accent-color: var(--vscode-contrastActiveBorder, var(--accent));
    margin: 0;
    height: 16px;
  }
  kbd {
    font: inherit;
    font-size: 0.85em;
    padding: 0 4px;
    border: 1px solid color-mix(in srgb, currentColor 35%, transparent);
    border-radius: 3px;
  }
  vscode-button kbd {
    margin-left: 6px;
    line-height: 15px;
  }
  @media (forced-colors: active) {
    button[aria-pressed='true'],
    [role='tab'][aria-selected='true'] {
      forced-color-adjust: none;
      color: HighlightText !important;
      background: Highlight !important;
      border-color: Highlight !important;
    }
    button[aria-pressed='true'] b {
      color: inherit;
    }
    button.quiet:not([aria-pressed='true']) {
      border-color: Canvas;
    }
  }
`;
