import { getHeapStatistics } from 'node:v8';
import { MuscError } from '../../extension/core/errors';
import type { FuzzTarget } from './target';

/** Time one input may take, ms of processor. */
const SLOWEST = 2000;
/** Bytes any parser may take whatever its input: tables, messages, what garbage was not collected yet. */
const ALLOWANCE = 32 << 20;

const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
const CLEAN = PROTOTYPES.map((p) => Reflect.ownKeys(p).length);

/** Whether something wrote into what every object inherits. */
export const polluted = (): boolean => PROTOTYPES.some((p, i) => Reflect.ownKeys(p).length !== CLEAN[i]);

/** Whether plain objects and arrays inherit what was assigned to their prototypes: cheap enough for every input. */
function inherits(): boolean {
  for (const _ in []) return true;
  return false;
}

/** Length of an input, bytes or characters. */
export function sizeOf(input: unknown): number {
  if (typeof input === 'string' || input instanceof Uint8Array) return input.length;
  try {
    return JSON.stringify(input)?.length ?? 8;
  } catch {
    return 1024;
  }
}

/** A finding: what a parser did that none may. */
export class Finding extends Error {}

/** Processor that an input takes, run once more, ms: asking the system costs more than most inputs. */
async function processorTime(target: FuzzTarget, input: unknown): Promise<number> {
  const before = process.cpuUsage();
  try {
    await target.run(input);
  } catch {
    // what it throws was looked at the first time
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Runs one input and holds the parser to what it promises. Returns "accepted", "refused" or the code it refused with. */
export async function execute(target: FuzzTarget, input: unknown): Promise<string> {
  const before = getHeapStatistics().external_memory;
  const started = performance.now();
  let outcome = 'accepted';
  try {
    const pending = target.run(input);
    if ((pending instanceof Promise ? await pending : pending) === false) outcome = 'refused';
  } catch (error) {
    if (!(error instanceof MuscError)) throw new Finding(error instanceof Error ? error.stack : String(error));
    if (!target.codes.includes(error.code)) throw new Finding(`refused with ${error.toLine()}\n${error.stack}`);
    if (error.message === '') throw new Finding('refused without a reason');
    outcome = error.code;
  }
  if (performance.now() - started > SLOWEST) {
    const used = await processorTime(target, input); // a busy machine is not slow input
    if (used > SLOWEST) throw new Finding(`took ${Math.round(used)} ms`);
  }
  const taken = getHeapStatistics().external_memory - before;
  const allowance = target.allowance ?? ALLOWANCE;
  if (taken > allowance && taken > allowance + 16 * sizeOf(input))
    throw new Finding(`took ${(taken / 2 ** 20).toFixed(0)} MiB for ${sizeOf(input)} bytes of input`);
  if (inherits()) throw new Finding('changed a prototype');
  return outcome;
}
