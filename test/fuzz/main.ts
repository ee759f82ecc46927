/** The process that fuzzes one parser: build/fuzz.mjs starts it and watches that it goes on. */
import { writeFileSync } from 'node:fs';
import { execute, Finding, polluted, sizeOf } from './execute';
import { Random } from './random';
import { TARGETS } from './targets';

/** Executions between two signs of life. */
const BEAT = 500;

/** Lines of a trace. Refusals are errors, most inputs are refused, and tracing costs more than refusing: only a finding is traced. */
const TRACE = 10;
Error.stackTraceLimit = 0;

interface Order {
  readonly target: string;
  readonly seed: number;
  /** Number of the first input. */
  readonly first: number;
  readonly count: number;
  /** Time after which it ends early, ms; at least `atLeast` inputs are run all the same. */
  readonly milliseconds: number;
  readonly atLeast: number;
  /** Where a failing input is put. */
  readonly crash: string;
}

const bytesOf = (input: unknown): Uint8Array | string =>
  input instanceof Uint8Array ? input : typeof input === 'string' ? input : JSON.stringify(input);

async function obey(order: Order): Promise<void> {
  const target = TARGETS.find((t) => t.name === order.target);
  if (!target) throw new Error(`no parser ${order.target}`);
  const outcomes: Record<string, number> = {};
  const started = performance.now();
  let done = 0;
  let peak = 0;
  const report = (type: string, more: object = {}): void =>
    void process.send?.({ type, done, peak, outcomes, milliseconds: performance.now() - started, ...more });
  for (; done < order.count; done++) {
    if (done % BEAT === 0) {
      peak = Math.max(peak, process.memoryUsage.rss());
      report('beat');
      if (done >= order.atLeast && performance.now() - started > order.milliseconds) break;
      await new Promise(setImmediate); // lets the sign of life out
    }
    const input = target.generate(new Random(order.seed, order.first + done));
    try {
      const outcome = await execute(target, input);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (done % BEAT === BEAT - 1 && polluted()) throw new Finding(`one of the last ${BEAT} changed a prototype`);
    } catch (first) {
      writeFileSync(order.crash, bytesOf(input));
      Error.stackTraceLimit = TRACE;
      const error: unknown = await execute(target, input).then(
        () => first,
        (again: unknown) => again,
      );
      const what = error instanceof Finding ? error.message : String(error instanceof Error ? error.stack : error);
      report('finding', { what, at: order.first + done, bytes: sizeOf(input) });
      Error.stackTraceLimit = 0;
      return;
    }
  }
  report('end');
}

process.on('message', (order: Order) => void obey(order));
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'ready', targets: TARGETS.map(({ name, slow }) => ({ name, slow: slow === true })) });
