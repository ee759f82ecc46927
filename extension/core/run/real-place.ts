import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** Where a file is or would be, absolute, with the links followed of as much of its path as there is. */
export async function realPlace(file: string): Promise<string> {
  const absolute = path.resolve(file);
  const parent = path.dirname(absolute);
  return realpath(absolute).catch(async () =>
    parent === absolute ? absolute : path.join(await realPlace(parent), path.basename(absolute)),
  );
}
