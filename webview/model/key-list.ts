import * as l10n from '@vscode/l10n';

/** Keys as they are printed, and what they do. */
export type KeyLine = readonly [keys: string, what: string];

/** Whether a platform, as `navigator.platform` names it, has the keys of a Mac. */
export const hasMacKeys = (platform: string): boolean => /^(Mac|iP)/.test(platform);

/** What undoes a decision; the editor's own key. */
export const undoKey = (mac: boolean): string => (mac ? l10n.t('Cmd+Z') : l10n.t('Ctrl+Z'));

/** What makes it again; the editor's own key. */
export const redoKey = (mac: boolean): string => (mac ? l10n.t('Shift+Cmd+Z') : l10n.t('Ctrl+Y'));

/** All keys of the panel. On a Mac Cmd is taken wherever Ctrl is, and printed. */
export const keyList = (mac: boolean): readonly KeyLine[] => [
  ['1 2 3 0', l10n.t('good, defect, unsure, clear')],
  [undoKey(mac), l10n.t('undo a decision')],
  [redoKey(mac), l10n.t('redo it')],
  ['← →', l10n.t('previous, next image')],
  ['N', l10n.t('next to review')],
  [l10n.t('H C T Shift+T'), l10n.t('heatmap, contour, truth outline, truth fill')],
  ['[ ]', l10n.t('less, more heatmap')],
  ['V', l10n.t('overlay, side by side, swipe, blink')],
  ['B', l10n.t('while it blinks: switch by hand')],
  ['+ − F Z', l10n.t('zoom in, out, fit, 1:1')],
  [l10n.t('Shift+arrows'), l10n.t('move a zoomed picture; in the grid: select more')],
  ['W', l10n.t('why is the hottest patch so hot')],
  ['I J K L', l10n.t('choose the patch above, left, below, right')],
  ['M', l10n.t('metrics')],
  [l10n.t('Enter'), l10n.t('in the grid: open the image')],
  ['← → ↑ ↓', l10n.t('in the grid: the image beside, above, below')],
  [l10n.t('Home End'), l10n.t('in the grid: first, last image')],
  [l10n.t('PgUp PgDn'), l10n.t('in the grid: a page up, down')],
  [
    mac ? l10n.t('Cmd+arrows, Space') : l10n.t('Ctrl+arrows, Space'),
    l10n.t('in the grid: go to an image, take it in or out'),
  ],
  [mac ? l10n.t('Cmd+A') : l10n.t('Ctrl+A'), l10n.t('in the grid: select all that are shown')],
];
