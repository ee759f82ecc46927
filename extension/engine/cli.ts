/** The command line: `musc score | bench | compare | models | export | sample`. Results on stdout, progress and log on stderr. */
import '../core/texts';
import { MuscError, toMuscError } from '../core/errors';
import { sweepScratch } from '../core/pipeline/scratch';
import { APP_VERSION } from '../core/version';
import { toWire } from '../core/wire-error';
import { benchCommand } from './cli/bench-command';
import { compareCommand } from './cli/compare-command';
import { exportCommand } from './cli/export-command';
import { HELP } from './cli/help';
import { modelsCommand } from './cli/models-command';
import { sampleCommand } from './cli/sample-command';
import { scoreCommand } from './cli/score-command';

/** What a command is given besides its arguments. */
export interface CommandContext {
  readonly signal: AbortSignal;
}

const COMMANDS = {
  score: scoreCommand,
  bench: benchCommand,
  compare: compareCommand,
  models: modelsCommand,
  export: exportCommand,
  sample: sampleCommand,
} as const;

const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 130 } as const;

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version') {
    process.stdout.write(`${APP_VERSION}\n`);
    return EXIT.done;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? process.stderr : process.stdout).write(HELP);
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (!Object.hasOwn(COMMANDS, name))
    throw new MuscError('USAGE', `no command ${JSON.stringify(name)}`, { hint: 'see musc --help' });
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const controller = new AbortController();
  process.once('SIGINT', () => {
    controller.abort();
    process.once('SIGINT', () => process.exit(EXIT.cancelled)); // asked twice: now
  });
  process.once('SIGTERM', () => controller.abort());
  process.once('disconnect', () => controller.abort()); // the editor's window that started us is gone
  await sweepScratch();
  await COMMANDS[name as keyof typeof COMMANDS](rest, { signal: controller.signal });
  return EXIT.done;
}

/** Ends the process once all that was written has gone out: what waits in a pipe would be lost. A reader that has left needs nothing. */
async function leave(code: number): Promise<void> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  process.exit(code);
}

for (const stream of [process.stdout, process.stderr])
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exit(EXIT.failed);
  });
const argv = process.argv.slice(2);
main(argv).then(
  (code) => leave(code),
  (thrown: unknown) => {
    const error = toMuscError(thrown);
    process.stderr.write(`musc: ${error.toCommandLine()}\n`);
    if (argv.includes('--verbose') || argv.includes('-v'))
      process.stderr.write(`${error.cause instanceof Error ? error.cause.stack : error.stack}\n`);
    const code =
      error.code === 'CANCELLED'
        ? EXIT.cancelled
        : error.code === 'USAGE' || error.code === 'SETTING_INVALID'
          ? EXIT.usage
          : EXIT.failed;
    if (process.send) process.send({ error: toWire(error) }, () => void leave(code));
    else void leave(code);
  },
);
