import { stat } from 'node:fs/promises';
import path from 'node:path';
import { l10n, window, type Memento } from 'vscode';
import { MuscError, toMuscError } from '../core/errors';
import { fileSha256 } from '../core/file-sha256';

const KEY = 'musc.trustedNetworks';

/** Network files that the user allowed to be loaded, by content: a changed file is asked about again. */
export class NetworkConsent {
  /** By path: the content of a file that did not change since it was read; networks are large. */
  readonly #read = new Map<string, { readonly state: string; readonly hash: string }>();
  /** Questions that wait for an answer, by content: one answer is for all that want the network. */
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(private readonly memento: Memento) {}

  /**
   * Asks before a network file is loaded for the first time. Returns the SHA-256 of what was agreed to. Throws CANCELLED when refused,
   * FILE_IO when unreadable.
   */
  async require(file: string, signal: AbortSignal): Promise<string> {
    const { hash, size } = await this.#identify(file, signal);
    if (this.#trusted.includes(hash)) return hash;
    const asking = this.#asking.get(hash) ?? this.#ask(file, hash, size).finally(() => this.#asking.delete(hash));
    this.#asking.set(hash, asking);
    if (!(await asking)) throw new MuscError('CANCELLED', l10n.t('the network was not loaded'));
    return hash;
  }

  get #trusted(): readonly string[] {
    return this.memento.get<string[]>(KEY, []);
  }

  /** Asks, and remembers a yes. */
  async #ask(file: string, hash: string, size: number): Promise<boolean> {
    const load = l10n.t('Load');
    const chosen = await window.showWarningMessage(
      l10n.t('Load the network {0}?', path.basename(file)),
      {
        modal: true,
        detail: l10n.t(
          'It runs on this machine with your rights. Load it only if you know where it comes from.\n\n{0}\n{1} MB, SHA-256 {2}',
          file,
          (size / 1e6).toFixed(1),
          hash,
        ),
      },
      load,
    );
    if (chosen !== load) return false;
    await this.memento.update(KEY, [...this.#trusted, hash]);
    return true;
  }

  async #identify(file: string, signal: AbortSignal): Promise<{ hash: string; size: number }> {
    try {
      const { size, mtimeMs, ctimeMs } = await stat(file);
      const state = [size, mtimeMs, ctimeMs].join(' ');
      const last = this.#read.get(file);
      if (last?.state === state) return { hash: last.hash, size };
      const hash = await fileSha256(file, signal);
      this.#read.set(file, { state, hash });
      return { hash, size };
    } catch (error) {
      throw toMuscError(error, file);
    }
  }
}
