import os from 'node:os';

/** Bytes of memory that this process may count on: the machine's, or less where a container has a limit. */
export function machineMemory(): number {
  const limit = process.constrainedMemory(); // 0 where there is none, or huge
  return limit > 0 ? Math.min(os.totalmem(), limit) : os.totalmem();
}
