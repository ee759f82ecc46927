import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PictureThread } from '../../../extension/core/image/picture-thread';
import { prepare } from '../../../extension/core/image/prepare';
import { bundleWorker } from '../../unit/scoring/bundle-worker';

const PREPROCESS = { resize: 'bicubic', mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] } as const;
const INPUT = { height: 24, width: 28 };

let folder: string;
let script: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-test-'));
  for (let i = 0; i < 5; i++) {
    const raw = Uint8Array.from({ length: 60 * 50 * 3 }, (_, k) => (k * k * (i + 3)) % 251);
    await sharp(raw, { raw: { width: 60, height: 50, channels: 3 } })
      .png()
      .toFile(path.join(folder, `${i}.png`));
  }
  await writeFile(path.join(folder, 'broken.png'), 'no picture');
  script = await bundleWorker('extension/core/image/prepare-worker.ts');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const arguments_ = (name: string) => [path.join(folder, name), INPUT, PREPROCESS, 'exact'] as const;

it('prepares pictures in a thread bit for bit as without one, errors included', async () => {
  const thread = new PictureThread(script);
  const names = [0, 1, 2, 3, 4].map((i) => `${i}.png`);
  const [there, here] = await Promise.all([
    Promise.all(names.map((name) => thread.prepare(...arguments_(name)))),
    Promise.all(names.map((name) => prepare(...arguments_(name)))),
  ]);
  expect(there).toEqual(here);
  const failure = await prepare(...arguments_('broken.png')).catch((e: unknown) => e);
  await expect(thread.prepare(...arguments_('broken.png'))).rejects.toMatchObject({
    code: (failure as { code: string }).code,
    message: (failure as Error).message,
  });
  thread.close();
});

it('does the work itself where there is no thread, and once the thread has gone', async () => {
  const expected = await prepare(...arguments_('1.png'));
  const none = new PictureThread(null);
  expect(await none.prepare(...arguments_('1.png'))).toEqual(expected);
  const ends = path.join(folder, 'ends.mjs'); // with its first picture
  await writeFile(ends, "import { parentPort } from 'node:worker_threads';\nparentPort.once('message', () => {});\n");
  const lost = new PictureThread(ends);
  const under = [lost.prepare(...arguments_('0.png')), lost.prepare(...arguments_('1.png'))];
  const [, picture] = await Promise.all(under);
  expect(picture).toEqual(expected);
  expect(await lost.prepare(...arguments_('1.png'))).toEqual(expected);
});

it('prepares nothing for nobody once it is closed', async () => {
  const thread = new PictureThread(script);
  const waiting = Array.from({ length: 20 }, () => thread.prepare(...arguments_('0.png')));
  thread.close();
  for (const settled of await Promise.allSettled(waiting))
    expect(settled).toMatchObject({ status: 'rejected', reason: { code: 'CANCELLED' } });
  await expect(thread.prepare(...arguments_('0.png'))).rejects.toMatchObject({ code: 'CANCELLED' });
  const none = new PictureThread(null);
  none.close();
  await expect(none.prepare(...arguments_('0.png'))).rejects.toMatchObject({ code: 'CANCELLED' });
});
