import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../../errors';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for an address by the usual environment variables (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, either case), as
 * VS Code's own settings are handed to our processes; null: none. Throws SETTING_INVALID for a proxy that is no address.
 */
export function proxyFor(target: URL, env: Environment): URL | null {
  const read = (name: string) => env[name.toLowerCase()] || env[name.toUpperCase()];
  if (excluded(target, read('no_proxy') ?? '')) return null;
  const value = read(target.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ?? read('all_proxy');
  if (!value) return null;
  try {
    const proxy = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`);
    if (/^https?:$/.test(proxy.protocol)) return proxy;
  } catch {
    // told below
  }
  throw new MuscError('SETTING_INVALID', l10n.t('the proxy is not an http or https address'), {
    where: value.replace(/\/\/[^@/]*@/, '//'),
    hint: l10n.t('set http.proxy or HTTPS_PROXY to http://HOST:PORT'),
  });
}

function excluded(target: URL, list: string): boolean {
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return list
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      const [, name, wantedPort] = /^\.?\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      if (!name || (wantedPort !== undefined && wantedPort !== port)) return false;
      const host = target.hostname.toLowerCase();
      return host === name || host.endsWith(`.${name}`);
    });
}

const credentials = (proxy: URL): Record<string, string> =>
  proxy.username
    ? {
        'proxy-authorization': `Basic ${Buffer.from(
          `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`,
        ).toString('base64')}`,
      }
    : {};

/** Request options that send a plain http request through a proxy. */
export const throughHttpProxy = (proxy: URL, target: URL): http.RequestOptions => ({
  protocol: proxy.protocol,
  hostname: proxy.hostname,
  port: proxy.port,
  path: target.href,
  headers: { host: target.host, ...credentials(proxy) },
});

/** A TLS connection to an https target through a proxy's CONNECT. Rejects with DOWNLOAD_FAILED where the proxy refuses. */
export function tunnel(
  proxy: URL,
  target: URL,
  ca: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<Duplex> {
  const authority = `${target.hostname}:${target.port || 443}`;
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === 'https:' ? https : http).request({
      hostname: proxy.hostname,
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...credentials(proxy) },
      ca: ca && [...ca],
      agent: false,
      signal,
    });
    request.once('error', reject);
    request.once('response', (response) => {
      response.resume();
      reject(refused(response.statusCode, proxy));
    });
    request.once('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        reject(refused(response.statusCode, proxy));
        return;
      }
      const secure = tls.connect({ socket, servername: target.hostname, ca: ca && [...ca] });
      secure.once('secureConnect', () => resolve(secure));
      secure.once('error', reject);
    });
    request.end();
  });
}

const refused = (status: number | undefined, proxy: URL): MuscError =>
  new MuscError(
    'DOWNLOAD_FAILED',
    status === undefined
      ? l10n.t('the proxy refused to connect (no status)')
      : l10n.t('the proxy refused to connect ({0})', status),
    {
      where: proxy.host,
      hint:
        status === 407
          ? l10n.t('it wants a user name and password: http://USER:PASSWORD@HOST:PORT')
          : l10n.t('check the proxy settings'),
    },
  );
