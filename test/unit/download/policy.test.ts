import { describe, expect, it } from 'vitest';
import { hubAddress } from '../../../extension/core/backbone/download/hub-address';
import { proxyFor } from '../../../extension/core/backbone/download/proxy';
import { contentRange, remoteFile } from '../../../extension/core/backbone/download/remote-file';
import { mayRecover, retryAfterSeconds, retryDelay } from '../../../extension/core/backbone/download/retry-policy';

const source = { kind: 'hub', repository: 'o/r', revision: 'refs/pr/7', file: 'a/b c.bin' } as const;
const hub = (mirror?: string) => hubAddress({ ...source, bytes: null, estimated: false, sha256: null }, mirror).href;

describe('the address', () => {
  it('follows the hub’s form, below a mirror’s own path', () => {
    expect(hub()).toBe('https://huggingface.co/o/r/resolve/refs/pr/7/a/b%20c.bin');
    expect(hub('http://mirror.lan:81/hf/')).toBe('http://mirror.lan:81/hf/o/r/resolve/refs/pr/7/a/b%20c.bin');
    expect(hub('  ')).toContain('https://huggingface.co/');
  });

  it.each(['mirror', 'ftp://x', 'file:///etc'])('%s is refused', (mirror) => {
    expect(() => hub(mirror)).toThrow('not an http or https address');
  });
});

describe('pauses', () => {
  it('double up to half a minute, and honour the server', () => {
    expect([1, 2, 3, 4, 20].map((n) => retryDelay(n, null, 0))).toEqual([500, 1000, 2000, 4000, 30_000]);
    expect(retryDelay(1, null, 1)).toBe(625);
    expect(retryDelay(1, 9, 0)).toBe(9000);
    expect(retryDelay(1, 9999, 0)).toBe(30_000);
  });

  it('read Retry-After as number and date', () => {
    expect(retryAfterSeconds('12', 0)).toBe(12);
    expect(retryAfterSeconds('Thu, 01 Jan 1970 00:01:00 GMT', 0)).toBe(60);
    expect(retryAfterSeconds('soon', 0)).toBeNull();
    expect(retryAfterSeconds(undefined, 0)).toBeNull();
  });

  it('are for troubles that pass', () => {
    expect([408, 425, 429, 500, 503].every(mayRecover)).toBe(true);
    expect([400, 401, 403, 404, 416].some(mayRecover)).toBe(false);
  });
});

describe('what a server says of a file', () => {
  it('is put together from the redirect and the answer', () => {
    const sha = 'A'.repeat(64);
    const trail = [
      { 'x-linked-etag': `"${sha}"`, 'x-linked-size': '10' },
      { 'content-length': '10', etag: '"cdn"' },
    ];
    expect(remoteFile(200, trail)).toEqual({ bytes: 10, etag: '"cdn"', sha256: sha.toLowerCase(), commit: null });
  });

  it('leaves out weak validators and checksums of another kind', () => {
    expect(remoteFile(200, [{ etag: 'W/"x"', 'x-linked-etag': '"abc"' }])).toMatchObject({ etag: null, sha256: null });
  });

  it('takes the whole length of a part', () => {
    expect(remoteFile(206, [{ 'content-length': '5', 'content-range': 'bytes 5-9/10' }]).bytes).toBe(10);
    expect(contentRange('bytes 5-9/*')).toEqual({ start: 5, total: undefined });
    expect(contentRange('items 1-2/3')).toBeNull();
  });
});

describe('the proxy', () => {
  const at = (address: string, env: Record<string, string>) => proxyFor(new URL(address), env)?.href ?? null;

  it('is chosen by the protocol', () => {
    const env = { HTTPS_PROXY: 'http://s:1', http_proxy: 'h:2' };
    expect(at('https://hub/x', env)).toBe('http://s:1/');
    expect(at('http://hub/x', env)).toBe('http://h:2/');
    expect(at('https://hub/x', { ALL_PROXY: 'http://a:3' })).toBe('http://a:3/');
    expect(at('https://hub/x', {})).toBeNull();
  });

  it.each([
    ['*', 'https://hub.org', true],
    ['hub.org', 'https://hub.org', true],
    ['hub.org', 'https://cdn.hub.org', true],
    ['.hub.org', 'https://cdn.hub.org', true],
    ['*.hub.org', 'https://cdn.hub.org', true],
    ['hub.org', 'https://myhub.org', false],
    ['hub.org:8080', 'https://hub.org', false],
    ['hub.org:443', 'https://hub.org', true],
    ['a.b, 10.0.0.1', 'http://10.0.0.1', true],
  ])('NO_PROXY=%s excludes %s: %s', (list, address, excluded) => {
    const env = { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:1', NO_PROXY: list };
    expect(at(address, env) === null).toBe(excluded);
  });

  it('must be an address, and its password is not shown', () => {
    expect(() => at('https://hub', { HTTPS_PROXY: 'socks5://me:secret@p:1' })).toThrow('proxy');
    try {
      at('https://hub', { HTTPS_PROXY: 'socks5://me:secret@p:1' });
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('secret');
    }
  });
});
