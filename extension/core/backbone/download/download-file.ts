import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { MuscError, throwIfAborted, toMuscError } from '../../errors';
import { freeBytesOf } from '../../free-bytes';
import { fileSha256 } from '../../file-sha256';
import { byHand, networkFailure, refusal } from './download-errors';
import { httpGet, type HttpAnswer, type NetworkOptions } from './http-get';
import { PartialFile } from './partial-file';
import { contentRange, remoteFile, type RemoteFile } from './remote-file';
import { CHANGES_ALLOWED, FRUITLESS_ATTEMPTS, mayRecover, retryAfterSeconds, retryDelay } from './retry-policy';

export interface DownloadRequest {
  readonly address: URL;
  /** Where the file goes; what was received so far lies beside it. */
  readonly file: string;
  /** SHA-256 that it must have; null: the one the server states, or none. */
  readonly sha256: string | null;
  /** Exact length that it must have; null: the one the server states. */
  readonly bytes: number | null;
  readonly network?: NetworkOptions;
  readonly signal?: AbortSignal;
  /** Bytes so far and in all; null where the server does not tell. */
  readonly progress?: (done: number, total: number | null) => void;
  /** Bytes free in a folder; left out: what the file system says. */
  readonly freeBytes?: (folder: string) => Promise<number>;
  /** Waits between attempts; left out: as long as it should. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Downloaded {
  readonly bytes: number;
  readonly sha256: string;
  /** Commit that the hub answered with, if it told. */
  readonly commit: string | null;
}

/** How one attempt ended without a fatal error. */
type Outcome =
  | { readonly kind: 'whole' }
  | { readonly kind: 'changed' }
  | { readonly kind: 'dropped'; readonly error: MuscError; readonly retryAfter: number | null };

/**
 * Downloads a file, continuing where an earlier attempt or process stopped, and puts it in its place only when length and
 * checksum are right. Dropped connections and overloaded servers are tried again, with growing pauses, as long as bytes come.
 * Throws DOWNLOAD_FAILED, CHECKSUM_MISMATCH, DISK_FULL, FILE_IO, CANCELLED; what was received stays for the next call, except
 * after a wrong checksum.
 */
export async function downloadFile(request: DownloadRequest): Promise<Downloaded> {
  const signal = request.signal ?? new AbortController().signal;
  const pause = request.pause ?? (async (ms, s) => void (await sleep(ms, undefined, { signal: s })));
  const part = new PartialFile(request.file);
  let fruitless = 0;
  let changes = 0;
  try {
    await part.open();
    for (;;) {
      throwIfAborted(signal);
      const before = part.received;
      const outcome = await attempt(request, part, signal);
      if (outcome.kind === 'whole') {
        const done = await verify(request, part, signal);
        if (done) return done;
      }
      if (outcome.kind === 'dropped') {
        fruitless = part.received > before ? 1 : fruitless + 1;
        if (fruitless >= FRUITLESS_ATTEMPTS) throw outcome.error;
        await pause(retryDelay(fruitless, outcome.retryAfter, Math.random()), signal);
        continue;
      }
      // Changed under way, or the pieces don't add up: from the start, but not for ever.
      if (++changes > CHANGES_ALLOWED)
        throw new MuscError('DOWNLOAD_FAILED', l10n.t('the file changes while it is downloaded'), byHand(request));
      await part.restart(null);
    }
  } catch (error) {
    throw error instanceof MuscError ? error : toMuscError(error, part.path);
  } finally {
    await part.close();
  }
}

async function attempt(request: DownloadRequest, part: PartialFile, signal: AbortSignal): Promise<Outcome> {
  if (part.state?.bytes === part.received && part.received > 0) return { kind: 'whole' };
  if (part.received > 0 && !part.state?.etag) await part.restart(null); // nothing guards a resume
  const etag = part.received > 0 ? part.state?.etag : null;
  const headers: Record<string, string> = etag ? { range: `bytes=${part.received}-`, 'if-range': etag } : {};
  let answer: HttpAnswer;
  try {
    answer = await httpGet(request.address, headers, signal, request.network);
  } catch (error) {
    return dropped(error, request, signal);
  }
  try {
    const { status } = answer;
    if (status === 416) return { kind: 'changed' };
    if (status !== 200 && status !== 206) {
      if (!mayRecover(status)) throw refusal(status, request);
      const retryAfter = retryAfterSeconds(answer.headers['retry-after'], Date.now());
      return { kind: 'dropped', error: refusal(status, request), retryAfter };
    }
    const remote = remoteFile(status, answer.trail);
    checkOffer(remote, request);
    if (status === 200) await part.restart(remote);
    else if (!continues(answer, remote, part)) return { kind: 'changed' };
    await checkSpace(request, remote.bytes, part.received);
    part.continueWithAnswer();
    return await receive(answer, request, part, signal);
  } finally {
    answer.close();
  }
}

/** Whether a 206 goes on exactly where we stopped, in the same file. */
function continues(answer: HttpAnswer, remote: RemoteFile, part: PartialFile): boolean {
  const { state } = part;
  return (
    state !== null &&
    contentRange(answer.headers['content-range'])?.start === part.received &&
    (remote.etag === null || remote.etag === state.etag) &&
    (remote.bytes === null || remote.bytes === state.bytes) &&
    (remote.sha256 === null || remote.sha256 === state.sha256)
  );
}

/** Refuses before anything is received what can't be the wanted file. */
function checkOffer(remote: RemoteFile, request: DownloadRequest): void {
  if (request.sha256 !== null && remote.sha256 !== null && remote.sha256 !== request.sha256)
    throw new MuscError(
      'CHECKSUM_MISMATCH',
      l10n.t('the server has another file than the one that is known'),
      byHand(request),
    );
  if (request.bytes !== null && remote.bytes !== null && remote.bytes !== request.bytes)
    throw new MuscError(
      'CHECKSUM_MISMATCH',
      l10n.t('the server has {0} bytes where {1} belong', remote.bytes, request.bytes),
      byHand(request),
    );
}

async function checkSpace(request: DownloadRequest, bytes: number | null, received: number): Promise<void> {
  if (bytes === null) return;
  const folder = path.dirname(request.file);
  const free = await (request.freeBytes ?? freeBytesOf)(folder);
  const needed = bytes - received;
  if (free < needed)
    throw new MuscError('DISK_FULL', l10n.t('{0} are needed, {1} are free', megabytes(needed), megabytes(free)), {
      where: folder,
      hint: l10n.t('free some space and try again: what was received is kept'),
    });
}

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

async function receive(
  answer: HttpAnswer,
  request: DownloadRequest,
  part: PartialFile,
  signal: AbortSignal,
): Promise<Outcome> {
  const total = part.state?.bytes ?? null;
  request.progress?.(part.received, total);
  const chunks = answer.body[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = (await chunks.next()) as IteratorResult<Uint8Array>;
    } catch (error) {
      return dropped(error, request, signal);
    }
    throwIfAborted(signal);
    if (next.done) break;
    if (total !== null && part.received + next.value.length > total) return { kind: 'changed' };
    try {
      await part.append(next.value);
    } catch (error) {
      throw toMuscError(error, part.path);
    }
    request.progress?.(part.received, total);
  }
  return total !== null && part.received < total
    ? dropped(new Error('connection closed early'), request, signal)
    : { kind: 'whole' };
}

/** A broken connection, to be tried again; throws what no second attempt can cure. */
function dropped(error: unknown, request: DownloadRequest, signal: AbortSignal): Outcome {
  throwIfAborted(signal);
  const { failure, fatal } = networkFailure(error, request);
  if (fatal) throw failure;
  return { kind: 'dropped', error: failure, retryAfter: null };
}

/** Holds the received bytes against the checksum. Null: wrong, but put together from several answers, so worth another try. */
async function verify(request: DownloadRequest, part: PartialFile, signal: AbortSignal): Promise<Downloaded | null> {
  const wanted = request.sha256 ?? part.state?.sha256 ?? null;
  const commit = part.state?.commit ?? null;
  const sha256 = await fileSha256(part.path, signal);
  if (wanted === null || sha256 === wanted) {
    const bytes = part.received;
    await part.finish();
    return { bytes, sha256, commit };
  }
  if (part.resumed) return null;
  await part.discard();
  throw new MuscError('CHECKSUM_MISMATCH', l10n.t('the downloaded file is not the expected one'), byHand(request));
}
