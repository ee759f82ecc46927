import * as l10n from '@vscode/l10n';
import type { z } from 'zod';
import { RUN_VERSION, runFile, type RunFile } from '../../protocol/run-file';
import { MuscError } from '../errors';
import { safeParse } from '../safe-parse';

const again = (): string => l10n.t('score the folder again, or delete the run');

const invalid = (what: string, where: string, hint = again()): MuscError =>
  new MuscError('FILE_INVALID', what, { where, hint });

/** A file of ours that a later MuSc Inspector wrote: nothing is wrong with it. */
export class NewerFile extends MuscError {}

/** The first few complaints of a schema, as one line: "images.3.score: expected number". */
export function complaints(error: z.ZodError): string {
  const lines = error.issues.slice(0, 3).map((i) => `${i.path.map(String).join('.') || l10n.t('file')}: ${i.message}`);
  const more = error.issues.length - lines.length;
  return more > 0 ? l10n.t('{0}; and {1} more', lines.join('; '), more) : lines.join('; ');
}

/**
 * Parses a file of ours: JSON, the right `format`, no newer `version`. Returns the plain value for a schema to check.
 * Throws FILE_INVALID with what, where and what to do.
 */
export function parseVersioned(text: string, format: string, version: number, where: string, hint = again()): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const what =
      text.trim() === '' ? l10n.t('the file is empty') : l10n.t('the file is damaged: {0}', (cause as Error).message);
    throw invalid(what.replace(/\s+/g, ' ').slice(0, 300), where, hint);
  }
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== format)
    throw invalid(l10n.t('not a {0} file', format), where, hint);
  if (!('version' in value) || typeof value.version !== 'number')
    throw invalid(l10n.t('the file names no version'), where, hint);
  if (value.version > version)
    throw new NewerFile(
      'FILE_INVALID',
      l10n.t('the file has version {0}, this MuSc Inspector reads up to {1}', value.version, version),
      { where, hint: l10n.t('update MuSc Inspector') },
    );
  return value;
}

/** Parses and validates the text of a run file. Throws FILE_INVALID. */
export function parseRun(text: string, where: string): RunFile {
  const checked = safeParse(runFile, parseVersioned(text, 'musc-run', RUN_VERSION, where));
  if (!checked.success) throw invalid(l10n.t('not a valid run file: {0}', complaints(checked.error)), where);
  return checked.data;
}

/**
 * The text of a run file: one line a key, one line a picture, pictures last. So it can be read by people, compared by
 * tools, and listed from its first lines. Throws INTERNAL for a run that would not be read again (a score that is NaN).
 */
export function formatRun(run: RunFile): string {
  const topScore = run.images.reduce<number | null>((top, i) => (top === null || i.score > top ? i.score : top), null);
  const whole = { ...run, summary: { images: run.images.length, skipped: run.skipped.length, topScore } };
  const checked = runFile.safeParse(whole);
  if (!checked.success) throw new MuscError('INTERNAL', `the run is not valid: ${complaints(checked.error)}`);
  const { images, skipped, ...head } = checked.data;
  const lines = Object.entries(head)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const rows = (key: string, values: readonly object[]): string =>
    `${JSON.stringify(key)}:[${values.map((v) => `\n${JSON.stringify(v)}`).join(',')}]`;
  return `{\n${[...lines, rows('skipped', skipped), rows('images', images)].join(',\n')}\n}\n`;
}

/**
 * The beginning of a run file up to its pictures, as a run without pictures; null where `head` does not reach that far or
 * the file was not written by us. Inside JSON strings quotes are escaped, so the mark can only be the key itself.
 */
export function parseRunHead(head: string): RunFile | null {
  const skipped = head.indexOf('\n"skipped":[');
  if (skipped < 0) return null;
  try {
    const checked = runFile.safeParse(JSON.parse(`${head.slice(0, skipped)}\n"skipped":[],"images":[]}`));
    return checked.success && checked.data.summary ? checked.data : null;
  } catch {
    return null;
  }
}
