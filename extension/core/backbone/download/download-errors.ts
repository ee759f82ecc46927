import { MuscError, type ErrorDetail } from '../../errors';

/** The download that failed. */
interface Failed {
  readonly address: URL;
  readonly file: string;
}

/** Says how to do without the network: what to download elsewhere, and the exact path to put it at. */
export const byHand = ({ address, file }: Failed, cause?: unknown): ErrorDetail => ({
  where: address.href,
  hint: `or download it by hand, put the file here: ${file}, and install again`,
  cause,
});

/** An answer that is not the file. */
export function refusal(status: number, failed: Failed): MuscError {
  const reasons: Readonly<Record<number, string>> = {
    401: 'the server wants a log-in',
    403: 'the server refuses: perhaps the licence must be accepted on its page first',
    404: 'the file is not there',
    407: 'the proxy wants a log-in',
    410: 'the file is no longer there',
    429: 'too many requests',
  };
  const reason = reasons[status] ?? (status >= 500 ? 'the server is in trouble' : 'the server refuses');
  return new MuscError('DOWNLOAD_FAILED', `${reason} (${status})`, byHand(failed));
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ERR_TLS/;

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the server is not found (offline?)',
  EAI_AGAIN: 'the server is not found (offline?)',
  ECONNREFUSED: 'the server does not answer (offline, or a proxy is needed?)',
  ENETUNREACH: 'the network is not reachable (offline?)',
  EHOSTUNREACH: 'the server is not reachable (offline?)',
  ETIMEDOUT: 'the server does not answer',
};

/** A connection that could not be made or broke; `fatal`: trying again can't help. */
export function networkFailure(error: unknown, failed: Failed): { failure: MuscError; fatal: boolean } {
  if (error instanceof MuscError)
    return {
      failure: new MuscError(error.code, error.message, {
        where: error.where,
        hint: `${error.hint ? `${error.hint}; ` : ''}${byHand(failed).hint}`,
        cause: error,
      }),
      fatal: true,
    };
  const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
  if (CERTIFICATE.test(code))
    return {
      failure: new MuscError('DOWNLOAD_FAILED', `the server's certificate is not trusted (${code})`, {
        where: failed.address.href,
        hint: 'behind a company proxy, give its certificate with NODE_EXTRA_CA_CERTS',
        cause: error,
      }),
      fatal: true,
    };
  const reason = REASONS[code] ?? 'the connection broke again and again';
  return { failure: new MuscError('DOWNLOAD_FAILED', reason, byHand(failed, error)), fatal: false };
}
