import path from 'node:path';
import { importBackbone } from '../../core/backbone/import-backbone';
import { chosenModelsFolder } from '../../core/backbone/models-folder';
import { listBackbones } from '../../core/backbone/registry';
import { verifyBackbones } from '../../core/backbone/verify-backbones';
import { MuscError } from '../../core/errors';
import { resolveSettings } from '../../core/pipeline/resolve-settings';
import type { CommandContext } from '../cli';
import { COMMON, number, parseFlags } from './options';
import { pullBackbone } from './pull-backbone';
import { Terminal, weightsSize } from './terminal';

const FLAGS = {
  ...COMMON,
  models: { type: 'string' },
  taps: { type: 'string' },
  embedding: { type: 'string' },
  preprocess: { type: 'string' },
  'image-size': { type: 'string' },
  id: { type: 'string' },
  mirror: { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
  json: { type: 'boolean' },
} as const;

/** The side of a backbone's input in pixels, in the range that `score` takes. Throws USAGE, SETTING_INVALID. */
function imageSizeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return resolveSettings({ folder: '', imageSize: number('image-size', text) }).imageSize ?? undefined;
}

/** `musc models list | pull ID | import FILE | verify`. */
export async function modelsCommand(argv: readonly string[], { signal }: CommandContext): Promise<void> {
  const { values, positionals } = parseFlags(argv, FLAGS);
  const [action, name, ...more] = positionals;
  const models = chosenModelsFolder(values.models);
  const terminal = new Terminal(values.verbose === true);
  const print = (result: unknown, text: string): void =>
    void process.stdout.write(`${values.json === true ? JSON.stringify(result) : text}\n`);
  if (more.length > 0) throw new MuscError('USAGE', `one word too many: ${more[0]}`, { hint: 'see musc --help' });
  switch (action) {
    case 'list': {
      const known = await listBackbones(models, (error) => terminal.log('warn', error.toLine()));
      const rows = known.map(({ entry, file }) => ({
        id: entry.id,
        name: entry.name,
        installed: file !== null,
        proven: entry.proven,
        bytes: entry.source.bytes,
        size: weightsSize(entry.source),
        licence: entry.licence,
        imageSize: entry.imageSize,
        file,
      }));
      const width = Math.max(...rows.map((r) => r.id.length));
      print(
        rows,
        rows
          .map(
            (r) =>
              `${r.installed ? '*' : ' '} ${r.id.padEnd(width)}  ${r.size.padStart(14)}  ${String(r.imageSize).padStart(4)} px  ${r.licence}  ${r.name}`,
          )
          .join('\n') + `\n\n* on this machine. Others: musc models pull ID. Folder: ${models}`,
      );
      return;
    }
    case 'pull': {
      if (name === undefined)
        throw new MuscError('USAGE', 'pull takes a backbone id', { hint: 'see musc models list' });
      const file = await pullBackbone(name, {
        models,
        mirror: values.mirror,
        yes: values.yes === true,
        signal,
        terminal,
      });
      print({ id: name, file }, file);
      return;
    }
    case 'import': {
      if (name === undefined)
        throw new MuscError('USAGE', 'import takes a file', { hint: 'musc models import FILE --taps a,b' });
      const preprocess = values.preprocess;
      if (preprocess !== undefined && preprocess !== 'clip' && preprocess !== 'imagenet')
        throw new MuscError('USAGE', `--preprocess cannot be ${JSON.stringify(preprocess)}`, {
          hint: 'give clip or imagenet',
        });
      const taps =
        values.taps === undefined || values.taps === 'auto' ? 'auto' : values.taps.split(',').map((t) => t.trim());
      const entry = await importBackbone(path.resolve(name), models, {
        id: values.id,
        taps,
        embedding: values.embedding,
        preprocess,
        imageSize: imageSizeOf(values['image-size']),
        signal,
      });
      print(entry, `Imported as ${entry.id}: musc score FOLDER --backbone ${entry.id}`);
      return;
    }
    case 'verify': {
      const results = await verifyBackbones(models, signal);
      print(results, results.map((r) => `${r.ok ? 'ok     ' : 'FAILED '} ${r.id}  ${r.detail}`).join('\n'));
      if (results.some((r) => !r.ok))
        throw new MuscError('CHECKSUM_MISMATCH', 'some backbones are not what they were', {
          where: models,
          hint: 'pull or import them again',
        });
      return;
    }
    default:
      throw new MuscError('USAGE', action === undefined ? 'models takes an action' : `models cannot ${action}`, {
        hint: 'musc models list | pull ID | import FILE --taps .. | verify',
      });
  }
}
