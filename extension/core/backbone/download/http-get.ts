import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../../errors';
import { proxyFor, throughHttpProxy, tunnel } from './proxy';

/** How to reach the network. */
export interface NetworkOptions {
  /** Environment with proxy variables. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Certificates (PEM) trusted besides the usual ones. */
  readonly ca?: readonly string[];
  /** Milliseconds without a byte after which a connection counts as dropped. */
  readonly stallAfter?: number;
}

/** An answer whose body has not been read. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Headers of every answer on the way, redirects first: a hub tells a file's checksum before it redirects. */
  readonly trail: readonly http.IncomingHttpHeaders[];
  readonly body: http.IncomingMessage;
  /** Ends the connection; a body read to its end needs no closing. */
  close(): void;
}

const REDIRECTS_ALLOWED = 8;
const STALL_AFTER = 30_000; // ms

/** GET with redirects, proxy and own certificates. Rejects with the connection's error, or DOWNLOAD_FAILED for bad redirects. */
export async function httpGet(
  address: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  network: NetworkOptions = {},
): Promise<HttpAnswer> {
  const trail: http.IncomingHttpHeaders[] = [];
  let url = address;
  for (let hop = 0; hop <= REDIRECTS_ALLOWED; hop++) {
    const body = await requestOnce(url, headers, signal, network);
    const status = body.statusCode ?? 0;
    trail.push(body.headers);
    const { location } = body.headers;
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined)
      return { status, headers: body.headers, trail, body, close: () => body.destroy() };
    body.destroy();
    const next = new URL(location, url);
    if (!/^https?:$/.test(next.protocol) || (url.protocol === 'https:' && next.protocol === 'http:'))
      throw new MuscError('DOWNLOAD_FAILED', l10n.t('the server redirects to an insecure address'), {
        where: next.host,
      });
    url = next;
  }
  throw new MuscError('DOWNLOAD_FAILED', l10n.t('the server redirects in circles'), { where: address.host });
}

async function requestOnce(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  { env = process.env, ca: extra, stallAfter = STALL_AFTER }: NetworkOptions,
): Promise<http.IncomingMessage> {
  const ca = trusted(extra);
  const proxy = proxyFor(url, env);
  const tunnelled = proxy && url.protocol === 'https:' ? await tunnel(proxy, url, ca, signal) : null;
  const direct: https.RequestOptions = {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: url.pathname + url.search,
    ca,
    ...(tunnelled && { createConnection: () => tunnelled }),
  };
  const options = proxy && !tunnelled ? throughHttpProxy(proxy, url) : direct;
  const secure = options.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request({
      ...options,
      headers: { 'user-agent': 'musc-inspector', 'accept-encoding': 'identity', ...options.headers, ...headers },
      // An agent would ignore createConnection and connect by itself.
      agent: tunnelled ? undefined : false,
      signal,
    });
    request.setTimeout(stallAfter, () => request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    request.once('response', resolve);
    request.once('error', reject);
    request.end();
  });
}

/** What newer versions of Node tell about the certificates they know. */
const known = tls as { getCACertificates?: (type: 'default' | 'system') => string[] };

/**
 * Certificates to trust: Node's own with NODE_EXTRA_CA_CERTS, the system's where a company has put its own there (as VS Code does), and
 * `extra`. Undefined: Node's default, where this version can't tell more.
 */
function trusted(extra: readonly string[] = []): string[] | undefined {
  const system = known.getCACertificates?.('system') ?? [];
  if (system.length + extra.length === 0) return undefined;
  return [...(known.getCACertificates?.('default') ?? tls.rootCertificates), ...system, ...extra];
}
