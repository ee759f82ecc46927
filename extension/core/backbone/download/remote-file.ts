import type { IncomingHttpHeaders } from 'node:http';

/** What a server says about a file. Null: it does not say. */
export interface RemoteFile {
  /** Whole length, bytes. */
  readonly bytes: number | null;
  /** Strong validator of the answering server, with its quotes; weak ones can't guard a resume. */
  readonly etag: string | null;
  /** SHA-256 in lower-case hex, as the hub states it for large files. */
  readonly sha256: string | null;
  /** Commit of the repository that the file is of, 40 hex digits. */
  readonly commit: string | null;
}

/** Reads length, validator and checksum from the headers of an answer (200 or 206) and of the redirects before it. */
export function remoteFile(status: number, trail: readonly IncomingHttpHeaders[]): RemoteFile {
  const last = trail[trail.length - 1] ?? {};
  const linked = (name: string): string | undefined => {
    const found = trail.map((headers) => headers[name]).find((value) => typeof value === 'string');
    return typeof found === 'string' ? found : undefined;
  };
  const own = status === 206 ? contentRange(last['content-range'])?.total : number(last['content-length']);
  return {
    bytes: own ?? number(linked('x-linked-size')) ?? null,
    etag: last.etag !== undefined && /^"[^"]*"$/.test(last.etag) ? last.etag : null,
    sha256: /^"?([0-9a-f]{64})"?$/i.exec(linked('x-linked-etag') ?? '')?.[1].toLowerCase() ?? null,
    commit: /^[0-9a-f]{40}$/.exec(linked('x-repo-commit') ?? '')?.[0] ?? null,
  };
}

const number = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

/** `bytes 100-199/1000`: where the part begins, and the whole length (undefined where the server does not know it). */
export function contentRange(header: string | undefined): { start: number; total: number | undefined } | null {
  const parts = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(header ?? '');
  return parts && { start: Number(parts[1]), total: number(parts[2]) };
}
