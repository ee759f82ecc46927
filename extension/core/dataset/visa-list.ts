import { open } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { MuscError } from '../errors';

/** One line of VisA's split list. Paths are relative to the root and not yet trusted. */
export interface VisaRow {
  readonly object: string;
  readonly split: string;
  readonly label: string;
  readonly image: string;
  /** "" where there is none. */
  readonly mask: string;
}

/** Bytes: VisA's own list has 1 MB. */
const MAX_BYTES = 64 << 20;
const COLUMNS = ['object', 'split', 'label', 'image'];

const cell = z.string().max(4096);
const row = z.object({ object: cell.min(1), split: cell, label: cell, image: cell.min(1), mask: cell.default('') });

const invalid = (what: string, where: string | undefined, cause?: unknown) =>
  new MuscError('FILE_INVALID', l10n.t('the list of pictures is damaged: {0}', what), {
    where,
    hint: l10n.t('it needs the columns object, split, label, image, mask; or choose the layout folder'),
    cause,
  });

/** Parses VisA's `1cls.csv`. Column order is free, a byte order mark and blank lines are fine. Throws FILE_INVALID. */
export function parseVisaList(text: string, where?: string): VisaRow[] {
  let records: string[][];
  try {
    records = parse(text, { bom: true, skip_empty_lines: true, trim: true, relax_column_count: true });
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), where, error);
  }
  const [header = [], ...lines] = records;
  const names = header.map((h) => h.toLowerCase());
  const missing = COLUMNS.filter((c) => !names.includes(c));
  if (missing.length) throw invalid(l10n.t('no column {0}', missing.join(', ')), where);
  const at = (name: string) => names.indexOf(name);
  return lines.map((line, i) => {
    const value = (name: string) => (at(name) < 0 ? undefined : line[at(name)]);
    const parsed = row.safeParse({
      object: value('object'),
      split: value('split'),
      label: value('label'),
      image: value('image'),
      mask: value('mask'),
    });
    if (!parsed.success) throw invalid(l10n.t('line {0} is incomplete', i + 2), where);
    return parsed.data;
  });
}

/** Reads and parses the list. Throws FILE_INVALID, or the file system's error. */
export async function readVisaList(file: string): Promise<VisaRow[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size > MAX_BYTES) throw invalid(l10n.t('{0} MB long', Math.round(size / 1e6)), file);
    return parseVisaList(await handle.readFile('utf8'), file);
  } finally {
    await handle.close();
  }
}
