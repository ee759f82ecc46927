import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportRun } from '../../../extension/core/run/export-run';
import { saveLabels } from '../../../extension/core/run/label-store';
import { liesInUsualPlace } from '../../../extension/core/run/run-folder';
import { runsFolder, writeRun } from '../../../extension/core/run/run-store';
import type { RunFile } from '../../../extension/protocol/run-file';
import { runSeed } from '../../fuzz/targets/document-seeds';

/** File names that a file system takes and a program may stumble over. */
const NAMES = [
  '<script>alert(1)</script>.png',
  `"><img src=x onerror='alert(1)'>.png`,
  "=cmd|'!A0.png",
  '+1+1.png',
  '-2.png',
  '@SUM(A1).png',
  'a,b;c"d.png',
  'line\r\nbreak.png',
  '\ttab.png',
  '\u202Egnp.exe.png',
  'javascript:alert(1).png',
  '__proto__',
  'constructor/toString.png',
  'caf\u00e9 \u{1F980}.png',
];
const HOSTILE = `</style></title><script>alert(1)</script><img src="https://evil.example/x" onerror=1>`;

let work: string;
let run: string;
let written: RunFile;

beforeAll(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'musc-hostile-'));
  const seed = runSeed();
  const images = NAMES.map((name, i) => ({
    ...seed.images[i % 2],
    path: name,
    type: HOSTILE.slice(0, 200),
    mask: null,
    score: i / NAMES.length,
  }));
  written = {
    ...seed,
    root: work,
    name: HOSTILE,
    images,
    dataset: { ...seed.dataset, name: HOSTILE, category: HOSTILE, notes: [HOSTILE] },
    backbone: { ...seed.backbone, name: HOSTILE, licence: HOSTILE, note: HOSTILE },
    device: { ...seed.device, label: HOSTILE, fallback: HOSTILE },
    skipped: [{ path: HOSTILE, reason: HOSTILE }],
  };
  run = await writeRun(await runsFolder(work), written, new Float32Array(NAMES.length * 64));
  await saveLabels(
    work,
    NAMES.map((name) => ({ path: name, label: 'defect', at: '2026-01-02T03:04:05.000Z' })),
  );
});
afterAll(() => rm(work, { recursive: true, force: true }));

const exported = async (format: string, name: string): Promise<string> => {
  const [file] = await exportRun(run, format, path.join(work, name));
  return file;
};

describe('names and texts of strangers', () => {
  it('name the run’s folder harmlessly', () => {
    const below = path.relative(path.join(work, '.musc', 'runs'), run).split(path.sep);
    expect(below).toHaveLength(2);
    expect(below[0]).toMatch(/^[\w.-]+$/);
  });

  it('stay text in CSV: no cell is a formula, every row is whole', async () => {
    for (const [format, name] of [
      ['csv', 'a.csv'],
      ['labels', 'b.csv'],
    ]) {
      const rows: string[][] = parse(await readFile(await exported(format, name), 'utf8'), { bom: true });
      expect(rows).toHaveLength(NAMES.length + 1);
      for (const cell of rows.flat()) if (!/^-?[\d.e-]+$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r|%]/);
    }
  });

  it('stay text in the report: no script, no handler, nothing to load', async () => {
    const report = await readFile(await exported('html', 'report.html'), 'utf8');
    expect(report).toContain('&lt;script&gt;');
    expect(report).not.toMatch(/<script|<iframe|<object|<embed|<link|<base|<form/i);
    for (const [tag] of report.matchAll(/<[a-z][^>]*>/gi)) {
      const outsideValues = tag.replace(/"[^"]*"/g, '""');
      expect(outsideValues).not.toMatch(/\son\w+\s*=|javascript:/i);
      expect(tag).not.toMatch(/(src|href)="(?!data:image\/|#)/i);
    }
    expect(report).toMatch(/Content-Security-Policy" content="default-src (&#39;|')none/);
    expect(report.match(/<title>/g)).toHaveLength(1);
  });

  it('stay text in the workbook', async () => {
    const parts = unzipSync(await readFile(await exported('xlsx', 'run.xlsx')));
    for (const [name, bytes] of Object.entries(parts)) {
      expect(name).toMatch(/^[\w/.[\]-]+$/);
      const text = new TextDecoder().decode(bytes);
      if (name.endsWith('.xml')) expect(text, name).not.toMatch(/<f>|<script|<img/);
      expect(text, name).not.toMatch(/TargetMode="External"/);
    }
  });

  it('come back as they are from JSON and COCO', async () => {
    const json = JSON.parse(await readFile(await exported('json', 'run.json'), 'utf8')) as {
      ranking: { path: string }[];
    };
    expect(json.ranking.map((i) => i.path).sort()).toEqual([...NAMES].sort());
    const coco = JSON.parse(await readFile(await exported('coco', 'coco.json'), 'utf8')) as {
      images: { file_name: string }[];
    };
    for (const { file_name } of coco.images) expect(NAMES).toContain(file_name);
    expect(Object.prototype).toEqual({});
  });
});

describe('a run file of a stranger', () => {
  it('counts as in its usual place only where it is, whatever root it names', () => {
    expect(liesInUsualPlace(run, { root: '../../..' })).toBe(true);
    for (const root of ['/', '/etc', '../../../..', '../..', `${os.homedir()}`, 'C:/Users', '//server/share'])
      expect(liesInUsualPlace(run, { root }), root).toBe(false);
    expect(liesInUsualPlace(path.join(work, 'run.musc.json'), { root: '../../..' })).toBe(false);
  });
});
