import type { LogLevel } from '../core/progress';
import { EngineProcess } from './engine-process';
import { textsEnvironment } from './texts';

/** The two engine processes of a window: a run never holds up the panel, and the panel's work never slows a run's cancel. */
export class Engines {
  /** Runs and exports: they may use every core, and give way to the editor. */
  readonly jobs: EngineProcess;
  /** What the panel asks for: thumbnails, masks, neighbours. */
  readonly interactive: EngineProcess;

  constructor(script: string, log: (level: LogLevel, message: string) => void) {
    const env = textsEnvironment();
    this.jobs = new EngineProcess({ script, log, env, background: true });
    this.interactive = new EngineProcess({ script, log, env });
  }

  dispose(): void {
    this.jobs.dispose();
    this.interactive.dispose();
  }
}
