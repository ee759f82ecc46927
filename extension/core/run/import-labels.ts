import * as l10n from '@vscode/l10n';
import { parse } from 'csv-parse/sync';
import type { Label } from '../../protocol/run-file';
import { MuscError } from '../errors';
import { withoutGuard } from './export/csv';

const PATH_COLUMNS = ['path', 'image', 'file', 'filename', 'name', 'picture'];
/** The first of these that there is: a list of ours holds the ground truth beside the label. */
const LABEL_COLUMNS = ['label', 'class', 'verdict', 'truth'];

/** Words that other tools and people use for our labels. */
const WORDS: ReadonlyMap<string, Label> = new Map<string, Label>([
  ...['good', 'ok', 'normal', '0', 'pass', 'false'].map((w) => [w, 'good'] as const),
  ...['defect', 'ko', 'nok', 'ng', 'anomaly', 'bad', '1', 'fail', 'true', 'defective'].map(
    (w) => [w, 'defect'] as const,
  ),
  ...['unsure', '?', 'unknown'].map((w) => [w, 'unsure'] as const),
]);

/**
 * Reads labels from a CSV (comma, semicolon or tab) with a column of picture paths and one of labels; without a header the
 * first two columns. A name without folders matches a picture of that name if there is only one. `pictures`: the run's paths.
 * A line without a label is passed over. What does not fit is listed in `problems`, with its line, and left out. Throws
 * FILE_INVALID for what is no CSV.
 */
export function importLabelsCsv(
  text: string,
  pictures: readonly string[],
): { labels: Map<string, Label>; problems: string[] } {
  const rows = readRows(text);
  const header = (rows[0] ?? []).map((c) => c.toLowerCase());
  const pathAt = header.findIndex((c) => PATH_COLUMNS.includes(c));
  const labelAt = header.indexOf(LABEL_COLUMNS.find((c) => header.includes(c)) ?? '');
  const named = pathAt >= 0 && labelAt >= 0;
  const [pathColumn, labelColumn] = named ? [pathAt, labelAt] : [0, 1];
  const find = pictureFinder(pictures);
  const labels = new Map<string, Label>();
  const problems: string[] = [];
  for (const [i, row] of rows.entries()) {
    if (named && i === 0) continue;
    const [name, word] = [row[pathColumn] ?? '', (row[labelColumn] ?? '').toLowerCase()];
    const path = find(name);
    const label = WORDS.get(word);
    if (typeof path !== 'string') problems.push(l10n.t('line {0}: {1}', i + 1, path.problem));
    else if (word === '') continue;
    else if (label === undefined)
      problems.push(l10n.t('line {0}: "{1}" is no label (good, defect, unsure)', i + 1, word.slice(0, 40)));
    else labels.set(path, label);
  }
  return { labels, problems };
}

function readRows(text: string): string[][] {
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  const delimiter = [',', ';', '\t'].reduce((a, b) => (firstLine.split(b).length > firstLine.split(a).length ? b : a));
  try {
    return parse(text, { bom: true, delimiter, trim: true, relax_column_count: true, skip_empty_lines: true });
  } catch (cause) {
    throw new MuscError('FILE_INVALID', l10n.t('not a readable CSV: {0}', (cause as Error).message), {
      hint: l10n.t('columns: path, label'),
      cause,
    });
  }
}

/**
 * Finds the picture that a cell names: as it is spelled; else without our export's guard, with other systems' slashes, and however
 * accents are composed, as a list from a Mac spells names otherwise than a disk of Linux.
 */
function pictureFinder(pictures: readonly string[]): (cell: string) => string | { problem: string } {
  const known = new Set(pictures);
  const byPath = grouped(pictures, composed);
  const byName = grouped(pictures, (p) => composed(p.slice(p.lastIndexOf('/') + 1)));
  return (cell) => {
    if (known.has(cell)) return cell;
    const name = withoutGuard(cell).replaceAll('\\', '/').replace(/^\.\//, '');
    if (known.has(name)) return name;
    const key = composed(name);
    const found = byPath.get(key) ?? byName.get(key) ?? [];
    if (found.length === 1) return found[0];
    const shown = name.slice(0, 80);
    return {
      problem:
        found.length > 1
          ? l10n.t('{0} pictures are named "{1}"', found.length, shown)
          : l10n.t('no picture "{0}" in this run', shown),
    };
  };
}

const composed = (name: string): string => name.normalize('NFC');

function grouped(pictures: readonly string[], key: (picture: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const picture of pictures) {
    const group = groups.get(key(picture));
    if (group) group.push(picture);
    else groups.set(key(picture), [picture]);
  }
  return groups;
}
