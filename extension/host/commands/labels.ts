import path from 'node:path';
import { l10n, Uri, window } from 'vscode';
import { readRegularFile } from '../../core/regular-file';
import { importLabelsCsv } from '../../core/run/import-labels';
import type { Label } from '../../protocol/run-file';
import type { Host } from '../host';
import { showError } from '../messages';
import { chooseRun, type RunArgument } from '../run-argument';
import type { RunDocument } from '../run-document';
import { openRunEditor } from './score';

/** A CSV of a million long paths has 200 MB: more is no list of labels. */
const LIMIT = 256 * 2 ** 20;

interface Wanted {
  readonly image: number;
  readonly label: Label;
}

/** Import Labels...: opens the run, then asks for a CSV of picture paths and labels. One step that can be undone; saved as all labels are. */
export async function importLabels(host: Host, argument?: RunArgument): Promise<void> {
  const run = await chooseRun(host, argument, l10n.t('Import labels into which run?'));
  if (!run) return;
  await openRunEditor(run);
  const document = host.editor.documentOf(run);
  if (document) await importLabelsInto(host, document);
}

/** Asks for a CSV and labels the pictures of an open run with it. Pictures that have another label are asked about first. */
export async function importLabelsInto(host: Host, document: RunDocument): Promise<void> {
  const { opened } = document;
  if (!opened) return showError(document.refusal);
  try {
    document.requireEditable(); // before a file is chosen in vain
    const file = await askFile(opened.folder);
    if (file) await importFile(host, document, file);
  } catch (error) {
    await showError(error);
  }
}

async function askFile(folder: string): Promise<string | undefined> {
  const chosen = await window.showOpenDialog({
    title: l10n.t('Import Labels'),
    openLabel: l10n.t('Import'),
    filters: { CSV: ['csv', 'tsv', 'txt'] },
    defaultUri: Uri.file(folder),
  });
  return chosen?.[0]?.fsPath;
}

/** Throws FILE_INVALID, or the file system's error. */
async function importFile(host: Host, document: RunDocument, file: string): Promise<void> {
  const text = await readRegularFile(file, LIMIT);
  const paths = document.opened?.run.images.map((image) => image.path) ?? [];
  const { labels, problems } = importLabelsCsv(text.toString('utf8'), paths);
  const wanted = paths.flatMap((one, image): Wanted[] => {
    const label = labels.get(one);
    return label === undefined ? [] : [{ image, label }];
  });
  for (const problem of problems) host.log('warn', `${path.basename(file)}, ${problem}`);
  const current = document.labels;
  const fresh = wanted.filter(({ image }) => current[image] === null);
  const conflicts = wanted.filter(({ image, label }) => current[image] !== null && current[image] !== label);
  const replace = conflicts.length > 0 && (await confirmReplacing(conflicts.length));
  if (replace === undefined) return;
  const changes = replace ? [...fresh, ...conflicts] : fresh;
  if (changes.length > 0) document.editLabels(changes, l10n.t('Import labels'));
  await report(host, {
    changed: changes.length,
    same: wanted.length - fresh.length - conflicts.length,
    kept: replace ? 0 : conflicts.length,
    problems: problems.length,
  });
}

/** Whether labels that contradict the file give way; undefined: the user left. */
async function confirmReplacing(conflicts: number): Promise<boolean | undefined> {
  const [replace, keep] = [l10n.t('Replace'), l10n.t('Keep')];
  const chosen = await window.showWarningMessage(
    l10n.t('{0} pictures have another label than the file says.', conflicts),
    { modal: true, detail: l10n.t('Replace their labels, or keep them and import the others? Either can be undone.') },
    replace,
    keep,
  );
  return chosen === undefined ? undefined : chosen === replace;
}

async function report(
  host: Host,
  { changed, same, kept, problems }: { changed: number; same: number; kept: number; problems: number },
): Promise<void> {
  const parts = [changed === 1 ? l10n.t('1 label imported') : l10n.t('{0} labels imported', changed)];
  if (same > 0) parts.push(l10n.t('{0} already there', same));
  if (kept > 0) parts.push(l10n.t('{0} kept that differ', kept));
  if (problems === 0) return void window.showInformationMessage(`${parts.join(', ')}.`);
  parts.push(problems === 1 ? l10n.t('1 line was not understood') : l10n.t('{0} lines were not understood', problems));
  const showLog = l10n.t('Show Log');
  const chosen = await window.showWarningMessage(`${parts.join(', ')}.`, showLog);
  if (chosen === showLog) host.channel.show();
}
