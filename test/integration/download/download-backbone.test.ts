import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadBackbone, type DownloadOptions } from '../../../extension/core/backbone/download/download-backbone';
import { weightsPath } from '../../../extension/core/backbone/download/hub-address';
import { CHECKSUMS_FILE } from '../../../extension/core/backbone/download/known-checksums';
import { findBackbone } from '../../../extension/core/backbone/registry';
import { registryEntry, type RegistryEntry } from '../../../extension/core/backbone/registry-schema';
import { verifyBackbones } from '../../../extension/core/backbone/verify-backbones';
import { writeRandomCheckpoint } from '../../bench/random-checkpoint';
import { Hub, sha256Of, type Misbehaviour } from './hub';

const SIZE = { width: 32, depth: 2, patch: 8, grid: 4, mlpWidth: 64, layerScale: true };
let folder: string;
let models: string;
let body: Uint8Array;
const hubs: Hub[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-install-'));
  models = path.join(folder, 'models');
  await writeRandomCheckpoint(path.join(folder, 'tiny.safetensors'), SIZE);
  body = await readFile(path.join(folder, 'tiny.safetensors'));
});
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()));
  await rm(folder, { recursive: true, force: true });
});

function entry(
  source: Partial<RegistryEntry['source']> = {},
  depth = SIZE.depth,
): RegistryEntry & { source: { file: string } } {
  return registryEntry.parse({
    id: 'tiny-vit',
    name: 'Tiny ViT',
    family: 'dinov2',
    source: {
      kind: 'hub',
      repository: 'owner/tiny',
      revision: 'main',
      file: 'weights/model.safetensors',
      bytes: 1,
      estimated: true,
      sha256: null,
      ...source,
    },
    licence: 'MIT',
    licenceLink: null,
    taps: 'auto',
    embedding: null,
    nativeSize: 32,
    imageSize: 32,
    multiple: 8,
    preprocess: { resize: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
    rscin: [1],
    normaliseEmbedding: false,
    folderStatistics: 'none',
    architecture: {
      scheme: 'timm',
      depth,
      width: SIZE.width,
      heads: 2,
      patch: SIZE.patch,
      prefixTokens: 1,
      eps: 1e-6,
      activation: 'gelu',
      positions: 'scale_plus_0.1',
    },
    proven: false,
    note: '',
  });
}

async function hub(how: Misbehaviour = {}, served = body): Promise<DownloadOptions & { hub: Hub }> {
  const started = await Hub.serving(served, how);
  hubs.push(started);
  return { models, mirror: `${started.base}/mirror/`, network: { env: {} }, hub: started };
}

const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: { code: string }) => error.code,
  );

describe('installing', () => {
  it('downloads from the mirror, verifies, and writes an entry with exact length, checksum and commit', async () => {
    const options = await hub();
    const done = await downloadBackbone(entry(), options);
    expect(done.from).toBe('download');
    expect(options.hub.requests[0].url).toBe('/mirror/owner/tiny/resolve/main/weights/model.safetensors');
    expect(done.entry.source).toMatchObject({
      bytes: body.length,
      estimated: false,
      sha256: sha256Of(body),
      revision: 'c'.repeat(40),
    });
    const found = await findBackbone('tiny-vit', models);
    expect(found.file).toBe(path.join(models, 'tiny-vit', 'model.safetensors'));
    expect(await verifyBackbones(models)).toContainEqual(expect.objectContaining({ id: 'tiny-vit', ok: true }));
    expect(existsSync(path.join(models, 'tiny-vit', '.lock'))).toBe(false);
  });

  it('again does not touch the network', async () => {
    const options = await hub();
    await downloadBackbone(entry(), options);
    expect((await downloadBackbone(entry(), options)).from).toBe('before');
    expect(options.hub.requests).toHaveLength(1);
  });

  it('again after the file was damaged brings a good one', async () => {
    const options = await hub();
    const { file } = await downloadBackbone(entry(), options);
    await writeFile(file, body.subarray(0, 100));
    expect((await downloadBackbone(entry(), options)).from).toBe('download');
    expect(sha256Of(await readFile(file))).toBe(sha256Of(body));
  });

  it('refuses a file that is another network, and installs nothing', async () => {
    expect(await code(downloadBackbone(entry({}, 3), await hub()))).toBe('BACKBONE_INVALID');
    expect((await findBackbone('dinov2-vit-s-14', models)).file).toBeNull();
    expect(existsSync(path.join(models, 'tiny-vit', 'entry.json'))).toBe(false);
  });

  it('refuses what has no download, and mirrors that are no address', async () => {
    const none = registryEntry.parse({
      ...entry(),
      source: { kind: 'imported', file: 'a.onnx', bytes: 1, sha256: 'a'.repeat(64) },
    });
    expect(await code(downloadBackbone(none, { models }))).toBe('USAGE');
    expect(await code(downloadBackbone(entry(), { models, mirror: 'ftp://x' }))).toBe('SETTING_INVALID');
  });
});

describe('a checksum', () => {
  it('is locked by the first install and holds after the backbone was removed', async () => {
    await downloadBackbone(entry(), await hub());
    await rm(path.join(models, 'tiny-vit'), { recursive: true });
    const changed = new Uint8Array(body);
    changed[changed.length - 1] ^= 1;
    expect(await code(downloadBackbone(entry(), await hub({}, changed)))).toBe('CHECKSUM_MISMATCH');
    expect(await code(downloadBackbone(entry(), await hub({ claimedSha256: null }, changed)))).toBe(
      'CHECKSUM_MISMATCH',
    );
    expect((await downloadBackbone(entry(), await hub())).from).toBe('download');
    expect(await readFile(path.join(models, CHECKSUMS_FILE), 'utf8')).toContain(sha256Of(body));
  });

  it('of the registry counts from the start', async () => {
    expect(await code(downloadBackbone(entry({ sha256: 'd'.repeat(64) }), await hub()))).toBe('CHECKSUM_MISMATCH');
  });
});

describe('a file put there by hand', () => {
  it('is checked and installed without a request', async () => {
    const options = await hub();
    const file = weightsPath(models, entry());
    await mkdir(path.dirname(file), { recursive: true });
    await copyFile(path.join(folder, 'tiny.safetensors'), file);
    expect((await downloadBackbone(entry(), options)).from).toBe('hand');
    expect(options.hub.requests).toHaveLength(0);
    expect((await findBackbone('tiny-vit', models)).file).toBe(file);
  });

  it('is refused, and left alone, when it is another one', async () => {
    const file = weightsPath(models, entry());
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'something else');
    expect(await code(downloadBackbone(entry({ sha256: sha256Of(body) }), { models }))).toBe('CHECKSUM_MISMATCH');
    expect(await code(downloadBackbone(entry(), { models }))).toBe('BACKBONE_INVALID');
    expect(await readFile(file, 'utf8')).toBe('something else');
  });
});

describe('two processes', () => {
  const lock = () => path.join(models, 'tiny-vit', '.lock');
  const hold = async (holder: { pid: number; host: string }) => {
    await mkdir(path.dirname(lock()), { recursive: true });
    await writeFile(lock(), `${holder.host}\n${holder.pid}\nx`);
  };

  it('do not install the same backbone at once', async () => {
    const [first, second] = await Promise.allSettled([
      downloadBackbone(entry(), await hub({ slow: 1 })),
      downloadBackbone(entry(), await hub({ slow: 1 })),
    ]);
    expect([first, second].filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    const lost = [first, second].find((r) => r.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'BUSY' });
  });

  it('a lock left by a process that is gone does not last', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-p', 'process.pid']);
    await hold({ pid: Number(stdout), host: os.hostname() });
    expect((await downloadBackbone(entry(), await hub())).from).toBe('download');
  });

  it('a lock that another machine holds counts while it is fresh', async () => {
    await hold({ pid: 1, host: 'another-machine' });
    expect(await code(downloadBackbone(entry(), await hub()))).toBe('BUSY');
    const old = new Date(Date.now() - 3_600_000);
    await utimes(lock(), old, old);
    expect((await downloadBackbone(entry(), await hub())).from).toBe('download');
    expect((await stat(weightsPath(models, entry()))).size).toBe(body.length);
  });
});
