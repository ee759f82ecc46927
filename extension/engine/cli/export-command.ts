import path from 'node:path';
import { stat } from 'node:fs/promises';
import { MuscError } from '../../core/errors';
import { dispatch } from '../dispatch';
import type { CommandContext } from '../cli';
import { COMMON, number, parseFlags } from './options';
import { Terminal } from './terminal';

const FLAGS = {
  ...COMMON,
  format: { type: 'string' },
  out: { type: 'string' },
  threshold: { type: 'string' },
  colormap: { type: 'string' },
  scale: { type: 'string' },
  opacity: { type: 'string' },
  blend: { type: 'string' },
  type: { type: 'string' },
  size: { type: 'string' },
  as: { type: 'string' },
  copy: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

const isNumber = (text = ''): boolean => text.trim() !== '' && Number.isFinite(Number(text));

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
  const { threshold, opacity, colormap, scale, blend, type, size, as, copy } = values;
  const options = {
    threshold: isNumber(threshold) ? Number(threshold) : threshold, // or a word
    opacity: opacity === undefined ? undefined : number('opacity', opacity),
    ...{ colormap, scale, blend, type, size, as, copy },
  };
  const terminal = new Terminal(values.verbose === true);
  const request = {
    run: isFolder ? path.join(given, 'run.musc.json') : given,
    format: values.format,
    out: path.resolve(values.out),
    options: Object.fromEntries(
      Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    ),
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
