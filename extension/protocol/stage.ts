/** Stages of a run, in order. */
export const STAGES = ['discover', 'load', 'features', 'scoring', 'metrics', 'write'] as const;
export type Stage = (typeof STAGES)[number];
