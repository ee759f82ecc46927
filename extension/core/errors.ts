import * as l10n from '@vscode/l10n';

/**
 * Every way the product can refuse or fail, as a stable code that scripts may match on.
 * Adding one is fine; renaming or removing one breaks callers.
 */
export type ErrorCode =
  | 'CANCELLED'
  | 'USAGE' // wrong flag or value on the command line: exit code 2
  | 'SETTING_INVALID' // a setting or option outside its range
  | 'FOLDER_NOT_FOUND'
  | 'FOLDER_READ_ONLY'
  | 'DATASET_UNCLEAR' // the folder fits no layout, or several
  | 'TOO_FEW_IMAGES' // fewer than two readable pictures
  | 'PICTURE_UNREADABLE'
  | 'PICTURE_TOO_LARGE'
  | 'PICTURE_UNSUPPORTED'
  | 'MASK_INVALID'
  | 'BACKBONE_UNKNOWN'
  | 'BACKBONE_MISSING' // known, but its weights are not on this machine
  | 'BACKBONE_INVALID' // malformed ONNX or checkpoint
  | 'TAP_UNKNOWN'
  | 'DEVICE_FAILED'
  | 'DOWNLOAD_FAILED'
  | 'CHECKSUM_MISMATCH'
  | 'DISK_FULL'
  | 'FILE_INVALID' // a file of ours (run, labels, npy) that is damaged or of another version
  | 'FILE_IO'
  | 'BUSY' // another process holds what we need
  | 'UNTRUSTED'
  | 'ENGINE_DIED'
  | 'INTERNAL';

/** What an error carries besides its code. */
export interface ErrorDetail {
  /** The file, folder, option or setting concerned. */
  readonly where?: string;
  /** What the user can do about it: one short sentence, true of every surface. */
  readonly hint?: string;
  /** How the command line does that, such as `--out DIR`: said there and nowhere else. */
  readonly options?: string;
  readonly cause?: unknown;
}

/** The product's one error type: what happened, where, and what to do. */
export class MuscError extends Error {
  override readonly name = 'MuscError';
  readonly where: string | undefined;
  readonly hint: string | undefined;
  readonly options: string | undefined;

  constructor(
    readonly code: ErrorCode,
    what: string,
    detail: ErrorDetail = {},
  ) {
    super(what, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.where = detail.where;
    this.hint = detail.hint;
    this.options = detail.options;
  }

  /** One line, for logs and tables: `CODE: what, where, what to do`. */
  toLine(): string {
    return `${this.code}: ${[this.message, this.where, this.hint].filter(Boolean).join(', ')}`.replace(
      /\s*\n\s*/g,
      ' ',
    );
  }

  /** One line, as the command line prints it: its options come last. */
  toCommandLine(): string {
    return this.options === undefined ? this.toLine() : `${this.toLine()} (${this.options})`;
  }
}

/** What was asked for was given up by who asked. */
export const cancelled = (detail?: ErrorDetail): MuscError => new MuscError('CANCELLED', l10n.t('cancelled'), detail);

/** Any thrown value as a MuscError: node's errno codes become ours, an abort becomes CANCELLED, the rest INTERNAL. */
export function toMuscError(error: unknown, where?: string): MuscError {
  if (error instanceof MuscError) return error;
  if (error instanceof Error) {
    const errno = (error as NodeJS.ErrnoException).code;
    const detail = { where: where ?? (error as NodeJS.ErrnoException).path, cause: error };
    if (error.name === 'AbortError') return cancelled(detail);
    if (errno === 'ENOSPC' || errno === 'EDQUOT')
      return new MuscError('DISK_FULL', l10n.t('the disk is full'), {
        ...detail,
        hint: l10n.t('free some space and run again'),
      });
    if (errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS')
      return new MuscError('FOLDER_READ_ONLY', l10n.t('no permission to read or write'), {
        ...detail,
        hint: l10n.t('choose another place, or change the permissions'),
        options: '--out DIR',
      });
    if (errno === 'ENOENT')
      return new MuscError('FILE_IO', l10n.t('not found'), { ...detail, hint: l10n.t('check the path') });
    if (errno !== undefined && /^E[A-Z]+$/.test(errno)) return new MuscError('FILE_IO', error.message, detail);
    return new MuscError('INTERNAL', error.message || l10n.t('unexpected error'), detail);
  }
  return new MuscError('INTERNAL', asText(error), { where, cause: error });
}

/** Text of anything, also of what can't be made text: an object without a usable toString. */
function asText(thrown: unknown): string {
  try {
    return String(thrown) || l10n.t('unexpected error');
  } catch {
    return l10n.t('unexpected error');
  }
}

/** Throws CANCELLED when the signal is aborted; call it between units of work. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}
