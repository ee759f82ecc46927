import * as l10n from '@vscode/l10n';

/** A picture without heat would read as one without anything wrong: these say why what lies over it is not there. */
export const heatmapUnread = (reason: string): string => l10n.t('The heatmap cannot be shown: {0}', reason);

/** As `heatmapUnread`, for the map of the run that is compared with. */
export const otherHeatmapUnread = (reason: string): string =>
  l10n.t('The other run’s heatmap cannot be shown: {0}', reason);

/** As `heatmapUnread`, for ground truth. */
export const maskUnread = (reason: string): string => l10n.t('The ground-truth mask cannot be shown: {0}', reason);
