import os from 'node:os';
import path from 'node:path';
import { fromHome } from '../home-path';

/**
 * Where installed backbones lie: one place for the editor's windows and the command line. MUSC_MODELS names another;
 * else the system's place for application data of the user.
 */
export function modelsFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.MUSC_MODELS) return path.resolve(env.MUSC_MODELS);
  const home = os.homedir();
  switch (platform) {
    case 'win32':
      return path.join(env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'musc-inspector', 'models');
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'musc-inspector', 'models');
    default:
      return path.join(env.XDG_DATA_HOME ?? path.join(home, '.local', 'share'), 'musc-inspector', 'models');
  }
}

/** Whether a setting may name this folder: from the root or the user's home, as a setting lies nowhere; empty: none. */
export const isModelsFolder = (value: unknown): value is string =>
  typeof value === 'string' && (value === '' || path.isAbsolute(fromHome(value)));

/** The folder that a setting or flag names, `~` being the user's home; empty or left out: where `modelsFolder` says. */
export const chosenModelsFolder = (named: string | undefined): string =>
  named ? path.resolve(fromHome(named)) : modelsFolder();
