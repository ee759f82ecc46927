import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadFile, type DownloadRequest } from '../../../extension/core/backbone/download/download-file';
import type { MuscError } from '../../../extension/core/errors';
import { Hub, sha256Of, type Misbehaviour } from './hub';

const BODY = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251);
const OTHER = BODY.map((value) => value ^ 1);

let folder: string;
let file: string;
const hubs: Hub[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'musc-download-'));
  file = path.join(folder, 'model.safetensors');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(hubs.splice(0).map((hub) => hub.close()));
  await rm(folder, { recursive: true, force: true });
});

async function hub(how: Misbehaviour = {}, body: Uint8Array = BODY): Promise<Hub> {
  const started = await Hub.serving(body, how);
  hubs.push(started);
  return started;
}

const pauses: number[] = [];
function request(from: Hub | string, more: Partial<DownloadRequest> = {}): DownloadRequest {
  pauses.length = 0;
  const address = new URL(`${typeof from === 'string' ? from : from.base}/owner/model/resolve/main/model.safetensors`);
  const network = { env: {}, stallAfter: 10_000 };
  return { address, file, sha256: null, bytes: null, network, pause: async (ms) => void pauses.push(ms), ...more };
}

const failure = async (wanted: DownloadRequest): Promise<MuscError> =>
  downloadFile(wanted).then(
    () => {
      throw new Error('the download succeeded');
    },
    (error: unknown) => error as MuscError,
  );

/** Leaves about a third of the file, as a process that was ended does. */
async function interrupted(): Promise<void> {
  const stop = new AbortController();
  const progress = (done: number) => done > 100_000 && stop.abort();
  await failure(request(await hub({ slow: 1 }), { signal: stop.signal, progress }));
}

async function expectWhole(body: Uint8Array = BODY): Promise<void> {
  expect(sha256Of(await readFile(file))).toBe(sha256Of(body));
  expect(existsSync(`${file}.part`)).toBe(false);
  expect(existsSync(`${file}.part.json`)).toBe(false);
}

describe('a well-behaved server', () => {
  it('gives the file, its length, checksum and commit, and shows progress', async () => {
    const seen: [number, number | null][] = [];
    const done = await downloadFile(request(await hub(), { progress: (d, t) => seen.push([d, t]) }));
    expect(done).toEqual({ bytes: BODY.length, sha256: sha256Of(BODY), commit: 'c'.repeat(40) });
    await expectWhole();
    expect(seen[0]).toEqual([0, BODY.length]);
    expect(seen.at(-1)).toEqual([BODY.length, BODY.length]);
  });

  it('is followed through redirects, and the checksum it states on the way counts', async () => {
    const from = await hub({ redirects: 3 });
    expect((await downloadFile(request(from))).sha256).toBe(sha256Of(BODY));
    expect(from.requests.at(-1)?.url).toMatch(/^\/cdn\/cdn\/cdn\//);
  });

  it('may send without a length', async () => {
    await downloadFile(request(await hub({ chunked: true, claimedSha256: null })));
    await expectWhole();
  });
});

describe('a dropped connection', () => {
  it('is continued where it stopped', async () => {
    const from = await hub({ dropAfter: 80_000, drops: 2 });
    await downloadFile(request(from));
    await expectWhole();
    expect(from.requests).toHaveLength(3);
    expect(from.requests[1].range).toMatch(/^bytes=\d+-$/);
    expect(pauses).toHaveLength(2);
  });

  it('is continued by the next call and the next process alike', async () => {
    await interrupted();
    const kept = (await stat(`${file}.part`)).size;
    expect(kept).toBeGreaterThan(0);
    const good = await hub();
    await downloadFile(request(good));
    expect(good.requests[0].range).toBe(`bytes=${kept}-`);
    await expectWhole();
  });

  it('is given up after five attempts without a byte, each pause longer, with the path for a file by hand', async () => {
    const from = await hub({ dropAfter: 0, drops: 99 });
    const error = await failure(request(from));
    expect(error.code).toBe('DOWNLOAD_FAILED');
    expect(error.hint).toContain(`put the file here: ${file}`);
    expect(from.requests).toHaveLength(5);
    expect(pauses.every((ms, i) => i === 0 || ms > pauses[i - 1])).toBe(true);
  });

  it('is noticed when bytes just stop coming', async () => {
    const from = await hub({ stallAfter: 50_000, stalls: 1 });
    await downloadFile(request(from, { network: { env: {}, stallAfter: 1000 } }));
    await expectWhole();
    expect(from.requests).toHaveLength(2);
  });

  it('does not happen to a slow server that keeps sending', async () => {
    const small = BODY.subarray(0, 8192);
    const from = await hub({ slow: 30 }, small);
    await downloadFile(request(from));
    await expectWhole(small);
    expect(from.requests).toHaveLength(1);
  });
});

describe('a server with its own mind', () => {
  it('may ignore ranges: the file comes from the start', async () => {
    const from = await hub({ dropAfter: 80_000, drops: 1, ignoreRange: true });
    await downloadFile(request(from));
    await expectWhole();
  });

  it('may give no validator: nothing is pieced together', async () => {
    const from = await hub({ dropAfter: 80_000, drops: 1, noEtag: true });
    await downloadFile(request(from));
    expect(from.requests[1].range).toBeUndefined();
    await expectWhole();
  });

  it.each([false, true])(
    'may change the file under way (If-Range ignored: %s): only the new one is kept',
    async (ignoreIfRange) => {
      const from = await hub({ dropAfter: 80_000, drops: 1, changeTo: OTHER, ignoreIfRange });
      await downloadFile(request(from));
      await expectWhole(OTHER);
    },
  );

  it('is refused when its file is not the known one, before a byte is received', async () => {
    const from = await hub();
    const error = await failure(request(from, { sha256: 'a'.repeat(64) }));
    expect(error.code).toBe('CHECKSUM_MISMATCH');
    expect((await stat(`${file}.part`)).size).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it('is refused when what it sends is not what it says, and nothing is kept', async () => {
    const error = await failure(request(await hub({ claimedSha256: 'b'.repeat(64) })));
    expect(error.code).toBe('CHECKSUM_MISMATCH');
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('is refused when the length is not the known one', async () => {
    expect((await failure(request(await hub(), { bytes: 12 }))).code).toBe('CHECKSUM_MISMATCH');
  });

  it('may promise more than it sends: an error, never a short file', async () => {
    const error = await failure(request(await hub({ claimedLength: BODY.length + 10 })));
    expect(['DOWNLOAD_FAILED', 'CHECKSUM_MISMATCH']).toContain(error.code);
    expect(existsSync(file)).toBe(false);
  });
});

describe('a refusal', () => {
  it.each([401, 403, 404, 410])('%i is final and says what to do', async (status) => {
    const from = await hub({ statuses: Array.from({ length: 9 }, () => status) });
    const error = await failure(request(from));
    expect(error.code).toBe('DOWNLOAD_FAILED');
    expect(error.message).toContain(String(status));
    expect(error.hint).toContain(file);
    expect(from.requests).toHaveLength(1);
  });

  it.each([408, 429, 500, 503])('%i is tried again, as late as the server wishes', async (status) => {
    const from = await hub({ statuses: [status, status], retryAfter: '7' });
    await downloadFile(request(from));
    await expectWhole();
    expect(pauses).toEqual([7000, 7000]);
  });

  it('for ever is given up', async () => {
    const error = await failure(request(await hub({ statuses: Array.from({ length: 9 }, () => 503) })));
    expect(error.message).toContain('503');
  });

  it('of the connection says that we may be offline', async () => {
    const gone = await hub();
    const { base } = gone;
    await gone.close();
    const error = await failure(request(base));
    expect(error.message).toContain('offline');
    expect(error.hint).toContain(`put the file here: ${file}`);
  });

  it('by a redirect in circles or to another protocol ends', async () => {
    expect((await failure(request(await hub({ redirects: 99 })))).message).toContain('circles');
  });
});

describe('a full disk', () => {
  it('is seen before anything is received', async () => {
    const error = await failure(request(await hub(), { freeBytes: async () => 1000 }));
    expect(error.code).toBe('DISK_FULL');
  });

  it('in the middle keeps what was received, and the next call goes on', async () => {
    const probe = await open(path.join(folder, 'probe'), 'w');
    const prototype = Object.getPrototypeOf(probe) as { write: (...args: never[]) => Promise<unknown> };
    await probe.close();
    const write = prototype.write;
    let calls = 0;
    vi.spyOn(prototype, 'write').mockImplementation(function (this: unknown, ...args: never[]) {
      if (++calls > 2) return Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
      return write.apply(this, args);
    });
    const error = await failure(request(await hub()));
    expect(error.code).toBe('DISK_FULL');
    vi.restoreAllMocks();
    const kept = (await stat(`${file}.part`)).size;
    expect(kept).toBeGreaterThan(0);
    const good = await hub();
    await downloadFile(request(good));
    expect(good.requests[0].range).toBe(`bytes=${kept}-`);
    await expectWhole();
  });
});

describe('cancelling', () => {
  it('stops at once and keeps what was received', async () => {
    const stop = new AbortController();
    const from = await hub({ slow: 5 });
    const progress = (done: number) => done > 20_000 && stop.abort();
    const error = await failure(request(from, { signal: stop.signal, progress }));
    expect(error.code).toBe('CANCELLED');
    expect((await stat(`${file}.part`)).size).toBeGreaterThan(0);
    expect(existsSync(file)).toBe(false);
  });

  it('before the start asks nobody', async () => {
    const from = await hub();
    expect((await failure(request(from, { signal: AbortSignal.abort() }))).code).toBe('CANCELLED');
    expect(from.requests).toHaveLength(0);
  });
});

describe('what an earlier process left', () => {
  it('is not believed without its description', async () => {
    await writeFile(`${file}.part`, OTHER.subarray(0, 1000));
    await downloadFile(request(await hub()));
    await expectWhole();
  });

  it('is checked as a whole: spoilt bytes lead to a fresh download', async () => {
    await interrupted();
    const spoilt = await readFile(`${file}.part`);
    spoilt[10] ^= 255;
    await writeFile(`${file}.part`, spoilt);
    await downloadFile(request(await hub()));
    await expectWhole();
  });
});

describe('a proxy', () => {
  it('is used for http as the environment says, with its password, and not for excluded hosts', async () => {
    const from = await hub();
    const seen: { url?: string; auth?: string }[] = [];
    const proxy = http.createServer((req, res) => {
      seen.push({ url: req.url, auth: req.headers['proxy-authorization'] });
      from.handler(req, res);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const env = { HTTP_PROXY: `http://me:pass%20word@127.0.0.1:${port}` };
    try {
      await downloadFile(request('http://hub.invalid', { network: { env } }));
      await expectWhole();
      expect(seen[0].url).toBe('http://hub.invalid/owner/model/resolve/main/model.safetensors');
      expect(seen[0].auth).toBe(`Basic ${Buffer.from('me:pass word').toString('base64')}`);
      await downloadFile(request(from, { network: { env: { ...env, NO_PROXY: '127.0.0.1' } } }));
      expect(seen).toHaveLength(1);
    } finally {
      await new Promise((resolve) => proxy.close(resolve));
    }
  });
});
