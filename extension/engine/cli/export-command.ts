import path from 'node:path';
import { stat } from 'node:fs/promises';
import { MuscError } from '../../core/errors';
import { dispatch } from '../dispatch';
import type { CommandContext } from '../cli';
import { COMMON, parseFlags } from './options';
import { Terminal } from './terminal';

const FLAGS = {
  ...COMMON,
  format: { type: 'string' },
  out: { type: 'string' },
  threshold: { type: 'string' },
  colormap: { type: 'string' },
  scale: { type: 'string' },
  copy: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** `musc export RUN --format F --out PATH`. RUN is a run's folder or its run.musc.json. */
export async function exportCommand(argv: readonly string[], { signal }: CommandContext): Promise<void> {
  const { values, positionals } = parseFlags(argv, FLAGS);
  if (positionals.length !== 1 || values.format === undefined || values.out === undefined)
    throw new MuscError('USAGE', 'export takes a run, a format and a place', {
      hint: 'musc export RUN --format csv --out scores.csv',
    });
  const given = path.resolve(positionals[0]);
  const isFolder = await stat(given).then(
    (s) => s.isDirectory(),
    () => false,
  );
  const options: Record<string, string | number | boolean> = {};
  if (values.threshold !== undefined)
    options.threshold = Number.isFinite(Number(values.threshold)) ? Number(values.threshold) : values.threshold;
  if (values.colormap !== undefined) options.colormap = values.colormap;
  if (values.scale !== undefined) options.scale = values.scale;
  if (values.copy !== undefined) options.copy = values.copy;
  const terminal = new Terminal(values.verbose === true);
  const request = {
    run: isFolder ? path.join(given, 'run.musc.json') : given,
    format: values.format,
    out: path.resolve(values.out),
    options,
  };
  const { files } = await dispatch('exportRun', request, { signal, progress: terminal.progress, log: terminal.log });
  terminal.clear();
  process.stdout.write(
    values.json === true
      ? `${JSON.stringify({ files })}\n`
      : files.length === 1
        ? `${files[0]}\n`
        : `${files.length} files in ${path.resolve(values.out)}\n`,
  );
}
