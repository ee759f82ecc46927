import * as l10n from '@vscode/l10n';
import { MuscError, type ErrorDetail } from '../../errors';

/** The download that failed. */
interface Failed {
  readonly address: URL;
  readonly file: string;
}

/** Says how to do without the network: what to download elsewhere, and the exact path to put it at. */
export const byHand = ({ address, file }: Failed, cause?: unknown): ErrorDetail => ({
  where: address.href,
  hint: l10n.t('or download it by hand, put the file here: {0}, and install again', file),
  cause,
});

/** An answer that is not the file. */
export function refusal(status: number, failed: Failed): MuscError {
  const reasons: Readonly<Record<number, string>> = {
    401: l10n.t('the server wants a log-in'),
    403: l10n.t('the server refuses: perhaps the licence must be accepted on its page first'),
    404: l10n.t('the file is not there'),
    407: l10n.t('the proxy wants a log-in'),
    410: l10n.t('the file is no longer there'),
    429: l10n.t('too many requests'),
  };
  const reason = reasons[status] ?? (status >= 500 ? l10n.t('the server is in trouble') : l10n.t('the server refuses'));
  return new MuscError('DOWNLOAD_FAILED', `${reason} (${status})`, byHand(failed));
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ERR_TLS/;

/** Why a connection failed, by node's code. */
function brokenBecause(code: string): string {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return l10n.t('the server is not found (offline?)');
    case 'ECONNREFUSED':
      return l10n.t('the server does not answer (offline, or a proxy is needed?)');
    case 'ENETUNREACH':
      return l10n.t('the network is not reachable (offline?)');
    case 'EHOSTUNREACH':
      return l10n.t('the server is not reachable (offline?)');
    case 'ETIMEDOUT':
      return l10n.t('the server does not answer');
    default:
      return l10n.t('the connection broke again and again');
  }
}

/** A connection that could not be made or broke; `fatal`: trying again can't help. */
export function networkFailure(error: unknown, failed: Failed): { failure: MuscError; fatal: boolean } {
  if (error instanceof MuscError)
    return {
      failure: new MuscError(error.code, error.message, {
        where: error.where,
        hint: [error.hint, byHand(failed).hint].filter(Boolean).join('; '),
        cause: error,
      }),
      fatal: true,
    };
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
  if (CERTIFICATE.test(code))
    return {
      failure: new MuscError('DOWNLOAD_FAILED', l10n.t("the server's certificate is not trusted ({0})", code), {
        where: failed.address.href,
        hint: l10n.t('behind a company proxy, give its certificate with NODE_EXTRA_CA_CERTS'),
        cause: error,
      }),
      fatal: true,
    };
  return { failure: new MuscError('DOWNLOAD_FAILED', brokenBecause(code), byHand(failed, error)), fatal: false };
}
