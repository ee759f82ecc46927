import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { csvText } from '../../../extension/core/run/export/csv';
import { MuscError } from '../../../extension/core/errors';
import { importLabelsInto } from '../../../extension/host/commands/labels';
import type { Host } from '../../../extension/host/host';
import { type LabelValue } from '../../../extension/host/label-edits';
import type { RunDocument } from '../../../extension/host/run-document';

const editor = vi.hoisted(() => ({
  file: '' as string | null,
  answer: undefined as string | undefined,
  asked: [] as string[],
  said: [] as string[],
  refused: false,
  dialogs: 0,
}));
vi.mock('vscode', () => ({
  Uri: { file: (fsPath: string) => ({ fsPath }) },
  l10n: {
    t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])),
  },
  window: {
    showOpenDialog: () => (
      editor.dialogs++,
      Promise.resolve(editor.file === null ? undefined : [{ fsPath: editor.file }])
    ),
    showInformationMessage: (text: string) => void editor.said.push(text),
    showErrorMessage: (text: string) => (editor.said.push(text), Promise.resolve(undefined)),
    showWarningMessage: (text: string, options: unknown) => {
      (typeof options === 'object' ? editor.asked : editor.said).push(text);
      return Promise.resolve(typeof options === 'object' ? editor.answer : undefined);
    },
  },
  workspace: {},
  commands: {},
}));

const folder = mkdtempSync(path.join(os.tmpdir(), 'musc-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const logged: string[] = [];
const host = {
  log: (_level: string, text: string) => logged.push(text),
  channel: { show: () => undefined },
} as unknown as Host;

/** A run of three pictures, the second labelled good and the third defect. */
function document() {
  const labels: LabelValue[] = [null, 'good', 'defect'];
  const edits: { changes: unknown; name: string }[] = [];
  const one = {
    opened: { folder, run: { images: ['a.png', 'b.png', 'c/d.png'].map((name) => ({ path: name })) } },
    labels,
    editLabels: (changes: unknown, name: string) => edits.push({ changes, name }),
    requireEditable: () => {
      if (editor.refused) throw new MuscError('FOLDER_READ_ONLY', 'labels cannot be edited here');
    },
  };
  return { edits, document: one as unknown as RunDocument };
}

/** What the user chooses: a file with these lines. */
function choose(rows: readonly (readonly string[])[]): void {
  editor.file = path.join(folder, 'labels.csv');
  writeFileSync(editor.file, csvText([['path', 'label', 'truth', 'score'], ...rows]));
}

beforeEach(() => {
  logged.length = editor.asked.length = editor.said.length = 0;
  editor.answer = undefined;
  editor.refused = false;
});

describe('importing labels', () => {
  it('labels in one step what has no label yet, and says what was there and what was not understood', async () => {
    choose([
      ['a.png', 'defect', '', '0.9'],
      ['b.png', 'good', 'good', '0.2'],
      ['gone.png', 'good', '', ''],
    ]);
    const { document: run, edits } = document();
    await importLabelsInto(host, run);
    expect(edits).toEqual([{ changes: [{ image: 0, label: 'defect' }], name: 'Import labels' }]);
    expect(editor.said).toEqual(['1 label imported, 1 already there, 1 line was not understood.']);
    expect(logged).toEqual(['labels.csv, line 4: no picture "gone.png" in this run']);
    expect(editor.asked).toEqual([]);
  });

  it('asks before a label is replaced: replaces, keeps, or does nothing', async () => {
    choose([
      ['a.png', 'unsure'],
      ['c/d.png', 'good'],
    ]);
    const { document: run, edits } = document();
    await importLabelsInto(host, run);
    expect(editor.asked).toEqual(['1 pictures have another label than the file says.']);
    expect(edits).toEqual([]);
    editor.answer = 'Keep';
    await importLabelsInto(host, run);
    expect(edits.map((e) => e.changes)).toEqual([[{ image: 0, label: 'unsure' }]]);
    expect(editor.said).toEqual(['1 label imported, 1 kept that differ.']);
    editor.answer = 'Replace';
    await importLabelsInto(host, run);
    expect(edits[1].changes).toEqual([
      { image: 0, label: 'unsure' },
      { image: 2, label: 'good' },
    ]);
  });

  it('is refused, with the reason and before a file is asked for, where labels cannot be edited', async () => {
    choose([['a.png', 'defect']]);
    const { document: run, edits } = document();
    editor.refused = true;
    editor.dialogs = 0;
    await importLabelsInto(host, run);
    expect(editor.said).toEqual([expect.stringContaining('abels cannot be edited here')]);
    expect([editor.dialogs, edits]).toEqual([0, []]);
  });

  it('says of a run that cannot be read what is wrong with it', async () => {
    const refusal = new MuscError('FILE_INVALID', 'not a valid run', { where: 'run.musc.json' });
    await importLabelsInto(host, { opened: null, refusal } as RunDocument);
    expect(editor.said).toEqual(['Not a valid run: run.musc.json.']);
  });

  it('says why a file cannot be read', async () => {
    editor.file = path.join(folder, 'none.csv');
    const { document: run, edits } = document();
    await importLabelsInto(host, run);
    writeFileSync(editor.file, 'path,label\n"open');
    await importLabelsInto(host, run);
    expect(editor.said).toHaveLength(2);
    expect(editor.said[1]).toContain('Not a readable CSV');
    expect(edits).toEqual([]);
  });
});
