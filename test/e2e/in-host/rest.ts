import { runSuites } from './suites';

export const run = (): Promise<void> => runSuites('rest');
