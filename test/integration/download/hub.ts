import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

// Hubs are on this machine: processes that a test starts find them, whatever proxy it has.
for (const name of ['NO_PROXY', 'no_proxy']) process.env[name] = '127.0.0.1';

/** How a file server misbehaves; several at once are fine. */
export interface Misbehaviour {
  /** Close the connection after so many body bytes, this many times. */
  dropAfter?: number;
  drops?: number;
  /** Answer with these statuses first, then well. */
  statuses?: number[];
  retryAfter?: string;
  ignoreRange?: boolean;
  /** Ranges are answered, but If-Range is not looked at. */
  ignoreIfRange?: boolean;
  /** Serve this instead from the second answer on. */
  changeTo?: Uint8Array;
  /** Promise this many bytes. */
  claimedLength?: number;
  /** State this checksum. */
  claimedSha256?: string | null;
  chunked?: boolean;
  /** Redirect this many times before answering. */
  redirects?: number;
  /** Send so many bytes, then nothing. */
  stallAfter?: number;
  stalls?: number;
  /** Milliseconds between 1 kB pieces. */
  slow?: number;
  noEtag?: boolean;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A hub on 127.0.0.1 with one file, for tests of everything that goes wrong. */
export class Hub {
  readonly requests: { url: string; range: string | undefined; host: string | undefined }[] = [];
  private readonly server: http.Server;
  private answers = 0;

  private constructor(
    private body: Uint8Array,
    private readonly how: Misbehaviour,
  ) {
    this.server = http.createServer((request, response) => void this.answer(request, response));
  }

  static async serving(body: Uint8Array, how: Misbehaviour = {}): Promise<Hub> {
    const hub = new Hub(body, { ...how });
    await new Promise<void>((resolve) => hub.server.listen(0, '127.0.0.1', resolve));
    return hub;
  }

  get base(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get handler(): http.RequestListener {
    return (request, response) => void this.answer(request, response);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { how } = this;
    const range = request.headers.range;
    this.requests.push({ url: request.url ?? '', range, host: request.headers.host });
    const linked: http.OutgoingHttpHeaders =
      how.claimedSha256 === null
        ? {}
        : {
            'x-linked-etag': `"${how.claimedSha256 ?? sha256Of(this.body)}"`,
            'x-linked-size': this.body.length,
            'x-repo-commit': 'c'.repeat(40),
          };
    if ((how.redirects ?? 0) > 0) {
      how.redirects = (how.redirects ?? 0) - 1;
      response.writeHead(302, { location: `/cdn${request.url}`, ...linked }).end();
      return;
    }
    const status = how.statuses?.shift();
    if (status !== undefined) {
      response.writeHead(status, how.retryAfter ? { 'retry-after': how.retryAfter } : {}).end('no');
      return;
    }
    if (how.changeTo && this.answers++ > 0) this.body = how.changeTo;
    const etag = `"v-${sha256Of(this.body).slice(0, 8)}"`;
    const headers: http.OutgoingHttpHeaders = how.noEtag ? {} : { etag };
    Object.assign(headers, how.changeTo ? {} : linked);
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const sameFile =
      how.ignoreIfRange || request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const partial = start > 0 && !how.ignoreRange && sameFile;
    if (partial && start >= this.body.length) {
      response.writeHead(416).end();
      return;
    }
    const body = partial ? this.body.subarray(start) : this.body;
    if (partial) headers['content-range'] = `bytes ${start}-${this.body.length - 1}/${this.body.length}`;
    if (!how.chunked) headers['content-length'] = how.claimedLength ?? body.length;
    response.writeHead(partial ? 206 : 200, headers);
    await this.send(body, response);
  }

  private async send(body: Uint8Array, response: http.ServerResponse): Promise<void> {
    const { how } = this;
    if (how.dropAfter !== undefined && (how.drops ?? 1) > 0) {
      how.drops = (how.drops ?? 1) - 1;
      response.write(body.subarray(0, how.dropAfter), () => response.destroy());
      return;
    }
    if (how.stallAfter !== undefined && (how.stalls ?? 1) > 0) {
      how.stalls = (how.stalls ?? 1) - 1;
      response.write(body.subarray(0, how.stallAfter));
      return;
    }
    if (how.slow) {
      for (let at = 0; at < body.length; at += 1024) {
        response.write(body.subarray(at, at + 1024));
        await new Promise((resolve) => setTimeout(resolve, how.slow));
      }
      response.end();
      return;
    }
    response.end(body);
  }
}
