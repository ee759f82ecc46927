import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A thread's script: beside the bundle that runs. Null from source, where the calling thread does the work. */
export function builtScript(name: string): string | null {
  const file = fileURLToPath(new URL(`./${name}`, import.meta.url));
  return existsSync(file) ? file : null;
}
