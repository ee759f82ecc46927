import * as l10n from '@vscode/l10n';
import type { PanelJob } from '../../extension/protocol/panel';
import { STAGES, type Stage } from '../../extension/protocol/stage';

const NAMES: Readonly<Record<Stage, () => string>> = {
  discover: () => l10n.t('Looking for pictures'),
  load: () => l10n.t('Loading the backbone'),
  features: () => l10n.t('Reading pictures'),
  scoring: () => l10n.t('Comparing pictures'),
  metrics: () => l10n.t('Computing metrics'),
  write: () => l10n.t('Writing the run'),
};

/** A stage in words. */
export const stageName = (stage: Stage): string => NAMES[stage]();

export interface Step {
  readonly stage: Stage;
  readonly name: string;
  readonly state: 'done' | 'now' | 'ahead';
  /** Share done, 0..1. */
  readonly share: number;
}

/** Every stage of a job, in order, with how far it is. */
export function stepsOf({ state, stage, done, total }: Pick<PanelJob, 'state' | 'stage' | 'done' | 'total'>): Step[] {
  const at = stage === null ? -1 : STAGES.indexOf(stage);
  return STAGES.map((one, i) => {
    const name = stageName(one);
    if (i < at || state === 'done') return { stage: one, name, state: 'done', share: 1 };
    if (i > at) return { stage: one, name, state: 'ahead', share: 0 };
    return { stage: one, name, state: 'now', share: total > 0 ? Math.min(1, done / total) : 0 };
  });
}
