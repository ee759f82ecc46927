import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { config } from '@vscode/l10n';
import { describe, expect, it } from 'vitest';
import { ownerIsGone, ownerLine, withLock } from '../../../extension/core/run/file-lock';
import { labelsPath, readLabels, saveLabels } from '../../../extension/core/run/label-store';
import { labelsOfRun } from '../../../extension/core/run/run-labels';
import { put, sampleRun, temporaryFolder } from './sample-run';

const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();

/** A program that stores labels as another window would, made from the product's own code. */
async function otherProcess(folder: string): Promise<string> {
  const outfile = path.join(folder, 'save.mjs');
  await build({
    stdin: {
      contents: `import { saveLabels } from './label-store';
        const [folder, name, count] = process.argv.slice(2);
        for (let i = 0; i < Number(count); i++)
          await saveLabels(folder, [{ path: name + '/' + i + '.png', label: 'defect', at: new Date().toISOString() }]);`,
      resolveDir: path.resolve('extension/core/run'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);", // for CommonJS in it
    },
  });
  return outfile;
}

describe('labels', () => {
  it('are stored, changed, taken back, and read by a run', async () => {
    const { folder, runPath, run } = await sampleRun();
    await saveLabels(folder, [
      { path: 'good/0.png', label: 'defect', at: at(1) },
      { path: 'crack/0.png', label: 'good', at: at(1) },
    ]);
    const before = (await readLabels(folder))['crack/0.png'];
    await saveLabels(folder, [{ path: 'crack/0.png', label: null, at: at(2), before }]);
    expect(await labelsOfRun(runPath, run)).toEqual(['defect', null, null, null, null, null]);
    expect((await readdir(path.join(folder, '.musc'))).sort()).toEqual(['.gitignore', 'labels.json', 'runs']);
  });

  it('of two windows are merged by picture, conflicts come back', async () => {
    const folder = await temporaryFolder();
    await saveLabels(folder, [{ path: 'a.png', label: 'good', at: at(1) }]);
    const before = (await readLabels(folder))['a.png'];
    await saveLabels(folder, [
      { path: 'a.png', label: 'defect', at: at(3), before },
      { path: 'b.png', label: 'good', at: at(3) },
    ]);
    const saved = await saveLabels(folder, [{ path: 'a.png', label: 'unsure', at: at(2), before }]);
    expect(saved.conflicts).toEqual([{ path: 'a.png', mine: 'unsure', theirs: 'defect', kept: 'defect' }]);
    expect(saved.labels).toEqual({ 'a.png': { label: 'defect', at: at(3) }, 'b.png': { label: 'good', at: at(3) } });
  });

  it('of strange picture names stay what they are', async () => {
    const folder = await temporaryFolder();
    const names = ['__proto__', 'constructor', 'a/ü "x".png', 'toString'];
    await saveLabels(
      folder,
      names.map((path) => ({ path, label: 'good', at: at(1) })),
    );
    const read = await readLabels(folder);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    // a file of that name can't come from a scored folder, and zod drops the key: nothing else may happen
    expect(
      Object.keys(read)
        .filter((n) => n !== '__proto__')
        .sort(),
    ).toEqual(names.slice(1).sort());
    expect(Object.hasOwn(Object.prototype, 'label')).toBe(false);
  });

  it('in a damaged file are put aside, never overwritten; reading only reports', async () => {
    const folder = await temporaryFolder();
    const file = await put(labelsPath(folder), '{"format":"musc-labels","version":1,"labels":{"a.png":');
    await expect(readLabels(folder)).rejects.toMatchObject({ code: 'FILE_INVALID', where: file });
    expect(await readFile(file, 'utf8')).toMatch(/a\.png/);
    const { setAside } = await saveLabels(folder, [{ path: 'b.png', label: 'good', at: at(1) }]);
    expect(await readFile(setAside ?? '', 'utf8')).toMatch(/a\.png/);
    expect(Object.keys(await readLabels(folder))).toEqual(['b.png']);
  });

  it('of a newer version are neither read nor touched, whatever the language', async () => {
    const folder = await temporaryFolder();
    const text = '{"format":"musc-labels","version":9,"labels":{}}';
    const file = await put(labelsPath(folder), text);
    const save = () => saveLabels(folder, [{ path: 'b.png', label: 'good', at: at(1) }]);
    await expect(save()).rejects.toThrow(/version 9/);
    config({ contents: { 'the file has version {0}, this MuSc Inspector reads up to {1}': 'Fassung {0} statt {1}' } });
    try {
      await expect(save()).rejects.toThrow('Fassung 9 statt 1');
    } finally {
      config({ contents: {} });
    }
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('of three processes at once are all there', async () => {
    const folder = await temporaryFolder();
    const program = await otherProcess(await temporaryFolder());
    const names = ['x', 'y', 'z'];
    const ends = await Promise.all(
      names.map((name) => once(spawn(process.execPath, [program, folder, name, '15'], { stdio: 'inherit' }), 'exit')),
    );
    expect(ends.map(([code]) => code)).toEqual([0, 0, 0]);
    const labels = Object.keys(await readLabels(folder));
    expect(labels).toHaveLength(45);
  });

  it('survive a process that is killed while it writes', async () => {
    const folder = await temporaryFolder();
    const program = await otherProcess(await temporaryFolder());
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [program, folder, `r${round}`, '100000'], { stdio: 'ignore' });
      const exit = once(child, 'exit');
      const mine = async () => Object.keys(await readLabels(folder)).filter((k) => k.startsWith(`r${round}/`)).length;
      while ((await mine()) < 3 + round * 2) await new Promise((done) => setTimeout(done, 5 + round));
      child.kill('SIGKILL');
      await exit;
      const saved = await saveLabels(folder, [{ path: `mine/${round}.png`, label: 'good', at: at(round) }]);
      expect(saved.setAside).toBeNull();
    }
    expect(Object.keys(await readLabels(folder)).filter((k) => k.startsWith('mine/'))).toHaveLength(4);
    expect((await readdir(path.join(folder, '.musc'))).sort()).toEqual(['.gitignore', 'labels.json']);
  });
});

describe('the lock', () => {
  it('lets one in at a time and is gone afterwards', async () => {
    const lock = path.join(await temporaryFolder(), 'l.lock');
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(lock, async () => {
          most = Math.max(most, ++inside);
          await new Promise((done) => setTimeout(done, 2));
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(await readdir(path.dirname(lock))).toEqual([]);
  });

  it('of a dead process is taken over; of a live one waited for until cancelled', async () => {
    const lock = path.join(await temporaryFolder(), 'l.lock');
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await writeFile(lock, `${os.hostname()}\n${child.pid}\nx`);
    expect(await withLock(lock, async () => 'in')).toBe('in');
    await writeFile(lock, `${os.hostname()}\n${process.pid}\nx`);
    await expect(withLock(lock, async () => 'in', AbortSignal.timeout(100))).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(await readFile(lock, 'utf8')).toContain(String(process.pid));
  });

  it.runIf(process.platform === 'linux')('of a process whose number another one has by now is taken over', async () => {
    const lock = path.join(await temporaryFolder(), 'l.lock');
    const mine = ownerLine();
    expect(ownerIsGone(mine)).toBe(false);
    const start = mine.split('\n').at(-1);
    expect(start).toMatch(/^[0-9a-f-]{36}\/\d+$/);
    await writeFile(lock, mine.replace(`${start}`, `${start}0`));
    expect(await withLock(lock, async () => 'in', AbortSignal.timeout(5000))).toBe('in');
  });

  it('is released when the work fails', async () => {
    const lock = path.join(await temporaryFolder(), 'l.lock');
    await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readdir(path.dirname(lock))).toEqual([]);
  });
});
