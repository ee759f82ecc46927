import { fork } from 'node:child_process';
import { l10n, Uri, workspace } from 'vscode';
import * as z from 'zod';
import { cancelled, MuscError } from '../core/errors';
import { fromWire } from '../core/wire-error';
import { wireError } from '../protocol/engine';
import { childEnvironment } from './child-environment';
import type { Host } from './host';
import { textsEnvironment } from './texts';

/** The editor's proxy settings as the command line reads them: its process does not share the editor's own network code. */
function proxyEnvironment(): Record<string, string> {
  const http = workspace.getConfiguration('http');
  const proxy = http.get<string>('proxy', '').trim();
  const none = http.get<string[]>('noProxy', []);
  return {
    ...(proxy === '' ? {} : { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, https_proxy: proxy, http_proxy: proxy }),
    ...(none.length === 0 ? {} : { NO_PROXY: none.join(','), no_proxy: none.join(',') }),
  };
}

/** What the command line sends while it works, and when it fails. */
const told = z.union([
  z.object({ progress: z.object({ done: z.number().min(0), total: z.number().min(0) }) }),
  z.object({ error: wireError }),
]);

/** For a command that is stopped to tidy up, ms. */
const GRACE = 2000;

/** What a caller wants to hear of a command line at work. */
export interface CliListener {
  /** A line of its stderr. */
  readonly said?: (line: string) => void;
  /** How far it is, of so many bytes or steps. */
  readonly progress?: (done: number, total: number) => void;
}

/**
 * Runs the packaged command line in a process of its own and waits for its end. Throws the MuscError it sends, CANCELLED when the
 * signal ends it.
 */
export function runCli(
  host: Host,
  args: readonly string[],
  signal: AbortSignal,
  { said, progress }: CliListener = {},
): Promise<void> {
  const script = Uri.joinPath(host.extensionUri, 'dist', 'cli.js').fsPath;
  return new Promise((resolve, reject) => {
    const child = fork(script, [...args], {
      execArgv: [],
      env: childEnvironment({ ...proxyEnvironment(), ...textsEnvironment(), MUSC_MODELS: host.backbones.folder }),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let failure: MuscError | undefined;
    child.stdout?.resume();
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split(/[\r\n]+/)) if (line.trim() !== '') said?.(line.trim());
    });
    child.on('message', (message) => {
      const { data } = told.safeParse(message);
      if (!data) return;
      if ('error' in data) failure = fromWire(data.error);
      else progress?.(data.progress.done, data.progress.total);
    });
    // It tidies up what it has begun: an import of gigabytes else stays behind.
    const stop = () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), GRACE).unref();
    };
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', reject);
    child.on('close', (code, killed) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) return reject(cancelled());
      if (code === 0) return resolve();
      reject(
        failure ??
          new MuscError(
            'ENGINE_DIED',
            l10n.t('the command line ended ({0})', killed ?? l10n.t('exit code {0}', String(code))),
          ),
      );
    });
  });
}
