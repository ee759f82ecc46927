/** Stages of a run, in order. */
export const STAGES = ['discover', 'load', 'features', 'scoring', 'metrics', 'write'] as const;
export type Stage = (typeof STAGES)[number];

/** Whether a stage's progress counts pictures. The others count smaller steps (pairs at each tap), which say nothing to people but their share. */
export const countsPictures = (stage: Stage | null): boolean => stage === 'features';
