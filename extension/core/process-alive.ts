import { readFileSync } from 'node:fs';

/** What Linux says of a process from its state on, field by field; undefined elsewhere, and where no such process is. */
function fieldsOf(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' '); // the name in brackets may hold anything
  } catch {
    return undefined;
  }
}

/**
 * Whether a process of this machine runs. One that is not ours to signal does; one that has ended does not, though its number stays
 * where nobody buries it (some containers).
 */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return fieldsOf(pid)?.[0] !== 'Z';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * What tells a process from a later one of the same number: the clock ticks from the start of the machine to its own, and which start
 * of the machine that was. Undefined where the system does not say (only Linux does) or no such process runs.
 */
export function processStart(pid: number): string | undefined {
  try {
    const ticks = fieldsOf(pid)?.[19];
    return ticks && `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return undefined;
  }
}

/**
 * Whether a process of this machine runs: that of the number, or, where `start` (as processStart gave it) is known, that and no
 * later one which got its number.
 */
export function isProcessAlive(pid: number, start?: string): boolean {
  if (!runs(pid)) return false;
  const now = start === undefined ? undefined : processStart(pid);
  return now === undefined || now === start;
}
