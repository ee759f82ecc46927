import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadFile } from '../../../extension/core/backbone/download/download-file';
import type { NetworkOptions } from '../../../extension/core/backbone/download/http-get';

const folder = mkdtempSync(path.join(tmpdir(), 'musc-tunnel-'));
const BODY = Buffer.alloc(50_000, 'weights');

/** A certificate for hub.test, made for this run only; null where this machine has no openssl. */
function certificate(): { key: string; cert: string } | null {
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=hub.test', '-addext', 'subjectAltName=DNS:hub.test'];
  try {
    const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...made, ...subject], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

const identity = certificate();
let hub: https.Server;
let proxy: http.Server;
const connected: { authority: string | undefined; auth: string | undefined }[] = [];
const sockets: net.Socket[] = [];
const port = (server: net.Server): number => (server.address() as AddressInfo).port;

describe.skipIf(identity === null)('https through a proxy that tunnels', () => {
  beforeAll(async () => {
    hub = https.createServer(identity ?? {}, (_request, response) => {
      response.writeHead(200, { 'content-length': BODY.length, etag: '"1"' }).end(BODY);
    });
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    proxy = http.createServer();
    proxy.on('connect', (request: http.IncomingMessage, client: net.Socket) => {
      const auth = request.headers['proxy-authorization'];
      sockets.push(client);
      connected.push({ authority: request.url, auth });
      if (!auth) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const upstream = net.connect(port(hub), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    for (const server of [hub, proxy]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const download = (network: NetworkOptions) =>
    downloadFile({
      address: new URL(`https://hub.test:${port(hub)}/owner/model/resolve/main/model.safetensors`),
      file: path.join(folder, 'model.safetensors'),
      sha256: null,
      bytes: null,
      network,
      pause: async () => undefined,
    });
  const proxied = (user = '') => ({ HTTPS_PROXY: `http://${user}127.0.0.1:${port(proxy)}` });

  it('works with its password and the certificate that signed the server', async () => {
    const done = await download({ env: proxied('me:secret@'), ca: [identity?.cert ?? ''] });
    expect(done.bytes).toBe(BODY.length);
    expect(connected.at(-1)).toEqual({
      authority: `hub.test:${port(hub)}`,
      auth: `Basic ${Buffer.from('me:secret').toString('base64')}`,
    });
  });

  it('does not trust an unknown certificate, and says what to do', async () => {
    await expect(download({ env: proxied('me:secret@') })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string,
    });
  });

  it('says when the proxy wants a password', async () => {
    await expect(download({ env: proxied(), ca: [identity?.cert ?? ''] })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('407') as string,
    });
  });
});
