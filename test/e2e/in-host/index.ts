// What @vscode/test-electron and the browser workbench call inside the extension host.
import { runSuites } from './suites';

export const run = (): Promise<void> => runSuites('api', 'heap');
