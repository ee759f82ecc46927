/** The colours that the panel uses, in the editor's own themes (Dark Modern, Light Modern, Dark and Light High Contrast). */
export type ThemeName = 'dark' | 'light' | 'hc-dark' | 'hc-light';

const NAMES = [
  'foreground',
  'descriptionForeground',
  'errorForeground',
  'editor-background',
  'editor-foreground',
  'sideBar-background',
  'editorWidget-background',
  'panel-border',
  'focusBorder',
  'button-background',
  'button-foreground',
  'button-hoverBackground',
  'button-secondaryBackground',
  'button-secondaryForeground',
  'button-secondaryHoverBackground',
  'input-background',
  'input-foreground',
  'input-border',
  'input-placeholderForeground',
  'dropdown-background',
  'dropdown-foreground',
  'dropdown-border',
  'list-hoverBackground',
  'list-inactiveSelectionBackground',
  'charts-red',
  'charts-green',
  'charts-yellow',
  'charts-blue',
  'editorWarning-foreground',
  'inputOption-activeBackground',
  'inputOption-activeForeground',
  'inputOption-activeBorder',
  'panelTitle-activeForeground',
  'panelTitle-inactiveForeground',
  'panelTitle-activeBorder',
  'toolbar-hoverBackground',
  'progressBar-background',
  'editorHoverWidget-background',
  'editorHoverWidget-foreground',
  'editorHoverWidget-border',
  'notifications-background',
  'notifications-foreground',
  'textLink-foreground',
  'contrastBorder',
  'contrastActiveBorder',
] as const;

/** Of what a theme does not set. */
const NONE = '';
const VALUES: Readonly<Record<ThemeName, readonly string[]>> = {
  dark: '#cccccc #9d9d9d #f85149 #1f1f1f #cccccc #181818 #202020 #2b2b2b #0078d4 #0078d4 #ffffff #026ec1 #313131 #cccccc #3c3c3c #313131 #cccccc #3c3c3c #989898 #313131 #cccccc #3c3c3c #2a2d2e #37373d #f14c4c #89d185 #cca700 #3794ff #cca700 #2489db82 #ffffff #2488db #cccccc #9d9d9d #0078d4 #5a5d5e50 #0078d4 #202020 #cccccc #454545 #1f1f1f #cccccc #4daafc'.split(
    ' ',
  ),
  light:
    '#3b3b3b #3b3b3b #f85149 #ffffff #3b3b3b #f8f8f8 #f8f8f8 #e5e5e5 #005fb8 #005fb8 #ffffff #0258a8 #e5e5e5 #3b3b3b #cccccc #ffffff #3b3b3b #cecece #767676 #ffffff #3b3b3b #cecece #f2f2f2 #e4e6f1 #e51400 #388a34 #bf8803 #1a85ff #bf8803 #bed6ed #000000 #005fb8 #3b3b3b #3b3b3b #005fb8 #b8b8b850 #005fb8 #f8f8f8 #3b3b3b #c8c8c8 #ffffff #3b3b3b #005fb8'.split(
      ' ',
    ),
  'hc-dark':
    '#ffffff #ffffff #f48771 #000000 #ffffff #000000 #0c141f #6fc3df #f38518 #000000 #ffffff #000000  #ffffff  #000000 #ffffff #6fc3df #ffffffb3 #000000 #ffffff #6fc3df #ffffff1a #000000 #f48771 #89d185 #ffd370 #3794ff #ffd370 #00000000 #ffffff #6fc3df #ffffff #ffffff #6fc3df #00000000 #6fc3df #0c141f #ffffff #6fc3df #0c141f #ffffff #21a6ff #6fc3df #f38518'.split(
      ' ',
    ),
  'hc-light':
    '#292929 #292929 #b5200d #ffffff #292929 #ffffff #ffffff #0f4a85 #006bbd #0f4a85 #ffffff #0f4a85 #ffffff #292929  #ffffff #292929 #0f4a85 #292929b3 #ffffff #292929 #0f4a85 #0f4a851a #ffffff #b5200d #374e06 #895503 #1a85ff #895503 #00000000 #292929 #0f4a85 #292929 #292929 #b5200d #00000000 #0f4a85 #ffffff #292929 #0f4a85 #ffffff #292929 #0f4a85 #0f4a85 #006bbd'.split(
      ' ',
    ),
};

/** Style properties of a theme, as the editor sets them on the document. */
export function themeProperties(theme: ThemeName): Record<string, string> {
  const colours = Object.fromEntries(NAMES.map((name, i) => [`--vscode-${name}`, VALUES[theme][i] ?? NONE]));
  return {
    ...Object.fromEntries(Object.entries(colours).filter(([, value]) => value !== NONE)),
    '--vscode-font-family': "system-ui, 'Ubuntu', 'Droid Sans', sans-serif",
    '--vscode-font-size': '13px',
  };
}

/** The class that the editor puts on the body. */
export const BODY_CLASS: Readonly<Record<ThemeName, string>> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  'hc-dark': 'vscode-high-contrast',
  'hc-light': 'vscode-high-contrast-light vscode-high-contrast',
};
