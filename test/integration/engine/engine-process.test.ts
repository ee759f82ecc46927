import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EngineReply } from '../../../extension/protocol/engine';
import { listRuns } from '../../../extension/core/run/run-list';
import { markedTexts } from '../marked-texts';
import { smallCategory } from './small-folder';

const ENGINE = path.resolve('dist/engine.js');

/** An engine and what it has said so far. */
function start(env: Readonly<Record<string, string>> = {}): {
  child: ChildProcess;
  said: EngineReply[];
  until: (want: (reply: EngineReply) => boolean) => Promise<EngineReply>;
} {
  const child = fork(ENGINE, {
    execArgv: [],
    env: { ...process.env, ...env },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const said: EngineReply[] = [];
  child.on('message', (message) => said.push(message as EngineReply));
  const until = async (want: (reply: EngineReply) => boolean): Promise<EngineReply> => {
    for (;;) {
      const found = said.find(want);
      if (found) return found;
      await once(child, 'message');
    }
  };
  return { child, said, until };
}
const answers = (id: number) => (reply: EngineReply) => 'id' in reply && reply.id === id && 'ok' in reply;

describe('the engine process', () => {
  let folder: string;
  let engine: ReturnType<typeof start>;
  beforeAll(async () => {
    folder = await smallCategory();
    return () => rm(path.dirname(folder), { recursive: true, force: true });
  });
  afterEach(() => void engine.child.kill('SIGKILL'));

  it('says that it is ready, reports progress by stage, and answers', async () => {
    engine = start();
    await engine.until((r) => 'ready' in r);
    engine.child.send({ id: 1, method: 'score', params: { folder, imageSize: 64, threads: 1 } });
    const reply = await engine.until(answers(1));
    expect(reply).toMatchObject({ ok: true, result: { images: 10 } });
    const stages = engine.said.flatMap((r) => ('progress' in r ? [r.progress.stage] : []));
    expect([...new Set(stages)]).toEqual(['discover', 'load', 'features', 'scoring', 'metrics', 'write']);
  });

  it("says errors in the editor's language, and in English where the file with its texts can't be read", async () => {
    const texts = path.join(path.dirname(folder), 'bundle.json');
    await writeFile(texts, JSON.stringify(markedTexts()));
    const errorWith = async (file: string) => {
      engine = start({ MUSC_TEXTS: file });
      engine.child.send({ id: 1, method: 'score', params: { folder: path.join(folder, 'none') } });
      const reply = await engine.until(answers(1));
      engine.child.kill('SIGKILL');
      return 'ok' in reply && !reply.ok ? reply.error : null;
    };
    const english = await errorWith(path.join(folder, 'no such file'));
    const translated = await errorWith(texts);
    expect(english?.code).toBe('FOLDER_NOT_FOUND');
    expect(translated).toMatchObject({
      code: 'FOLDER_NOT_FOUND',
      message: `⟦${english?.message}⟧`,
      hint: `⟦${english?.hint}⟧`,
    });
  });

  it('cancels a running call and leaves no run behind', async () => {
    engine = start();
    const before = (await listRuns(folder)).runs.length;
    engine.child.send({ id: 2, method: 'score', params: { folder, imageSize: 512 } });
    await engine.until((r) => 'progress' in r && r.progress.stage === 'features');
    engine.child.send({ cancel: 2 });
    expect(await engine.until(answers(2))).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
    expect((await listRuns(folder)).runs).toHaveLength(before);
  });

  it('answers what it does not understand with an error and lives on', async () => {
    engine = start();
    engine.child.send('nonsense');
    engine.child.send({ id: 3, method: 'score', params: { folder: 7 } });
    expect(await engine.until(answers(3))).toMatchObject({ ok: false, error: { code: 'USAGE' } });
    engine.child.send({ id: 4, method: 'score', params: { folder: '/no/such/folder' } });
    expect(await engine.until(answers(4))).toMatchObject({ ok: false, error: { code: 'FOLDER_NOT_FOUND' } });
    expect(engine.said.some((r) => 'log' in r && r.log.level === 'error')).toBe(true);
  });

  it('makes thumbnails, each broken picture with its own reason', async () => {
    engine = start();
    const cache = path.join(folder, '.musc', 'thumbs');
    const good = path.join(folder, 'test', 'good', '000.png');
    engine.child.send({
      id: 5,
      method: 'thumbnails',
      params: { files: [good, path.join(folder, 'none.png')], size: 128, cache, protocol: 'exact' },
    });
    expect(await engine.until(answers(5))).toMatchObject({
      ok: true,
      result: [{ file: expect.stringContaining('.webp') as string }, { reason: expect.any(String) as string }],
    });
  });

  it('tells where the most similar patches of other pictures are', async () => {
    engine = start();
    engine.child.send({ id: 6, method: 'score', params: { folder, imageSize: 64, threads: 1 } });
    const scored = await engine.until(answers(6));
    const { run } = (scored as { result: { run: string } }).result;
    engine.child.send({ id: 7, method: 'neighbours', params: { run, image: 0, row: 1, column: 1, k: 3 } });
    const reply = (await engine.until(answers(7))) as { result: { image: number; distance: number }[] };
    expect(reply.result).toHaveLength(3);
    expect(reply.result.every((n) => n.image !== 0 && n.distance >= 0 && n.distance <= 2)).toBe(true);
    expect(reply.result.map((n) => n.distance)).toEqual(reply.result.map((n) => n.distance).sort((a, b) => a - b));
  });

  it('leaves when its client does', async () => {
    engine = start();
    await engine.until((r) => 'ready' in r);
    engine.child.send({ id: 8, method: 'score', params: { folder, imageSize: 512 } });
    await engine.until((r) => 'progress' in r);
    engine.child.disconnect();
    const [code] = (await once(engine.child, 'exit')) as [number];
    expect(code).toBe(0);
  });
});
