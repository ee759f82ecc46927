/**
 * What the extension host loads once its window is at rest, or at the first command if that comes earlier: waking up costs the editor
 * main.ts and what that imports, and nothing else. All comes from here (load-rooms.ts), so that the bundler makes one file of it; but for the settings and the headlines of runs,
 * which are needed earlier.
 */
export { listBackbones } from '../core/backbone/registry';
export * from './bench-document';
export * from './bench-session';
export * as backbones from './commands/backbones';
export * as benchmark from './commands/benchmark';
export * as exporting from './commands/export';
export * as labels from './commands/labels';
export * as machine from './commands/machine';
export * as runs from './commands/runs';
export * as sample from './commands/sample';
export * as score from './commands/score';
export * as watch from './commands/watch';
export * from './copy-run';
export * from './open-run';
export * from './panel-session';
export * from './run-backup';
export * from './run-document';
export * from './run-labels';
