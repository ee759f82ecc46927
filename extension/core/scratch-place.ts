import os from 'node:os';
import path from 'node:path';

/**
 * Where scratch of this name lies: in the system's temporary folder, which users may share, in a folder of this user's own.
 * MUSC_SCRATCH names another disk.
 */
export function scratchPlace(name: string): string {
  if (process.env.MUSC_SCRATCH !== undefined) return path.join(process.env.MUSC_SCRATCH, name);
  const user = process.geteuid?.(); // Windows has none, and a temporary folder for each user
  return path.join(os.tmpdir(), user === undefined ? name : `${name}-${user}`);
}
