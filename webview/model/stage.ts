import type { PanelJob } from '../../extension/protocol/panel';
import { STAGES, type Stage } from '../../extension/protocol/stage';

/** A stage in words. */
export const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  discover: 'Looking for pictures',
  load: 'Loading the backbone',
  features: 'Reading pictures',
  scoring: 'Comparing pictures',
  metrics: 'Computing metrics',
  write: 'Writing the run',
};

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
    const name = STAGE_NAMES[one];
    if (i < at || state === 'done') return { stage: one, name, state: 'done', share: 1 };
    if (i > at) return { stage: one, name, state: 'ahead', share: 0 };
    return { stage: one, name, state: 'now', share: total > 0 ? Math.min(1, done / total) : 0 };
  });
}
