import os from 'node:os';

/** A path that people wrote, `~` at its beginning being the user's home. */
export const fromHome = (named: string): string => named.replace(/^~(?=$|[\\/])/, () => os.homedir());
