import { type CustomDocument, EventEmitter, type Uri } from 'vscode';
import { readBench } from '../core/benchmark/bench-store';
import { type MuscError, toMuscError } from '../core/errors';
import type { BenchFile } from '../protocol/bench-file';

/** A benchmark document that is looked at: only read, followed on disk while its benchmark runs. */
export class BenchDocument implements CustomDocument {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #disposed = new EventEmitter<void>();
  readonly onDidDispose = this.#disposed.event;
  #bench: BenchFile | null = null;
  #refusal: MuscError | null = null;

  private constructor(readonly uri: Uri) {}

  /** Never rejects: what can't be read is shown as a refusal. */
  static async open(uri: Uri): Promise<BenchDocument> {
    const document = new BenchDocument(uri);
    await document.reload();
    return document;
  }

  get bench(): BenchFile | null {
    return this.#bench;
  }

  /** Why there is nothing to show. */
  get refusal(): MuscError | null {
    return this.#refusal;
  }

  async reload(): Promise<void> {
    try {
      this.#bench = await readBench(this.uri.fsPath);
      this.#refusal = null;
    } catch (error) {
      this.#bench = null;
      this.#refusal = toMuscError(error, this.uri.fsPath);
    }
    this.#changed.fire();
  }

  dispose(): void {
    this.#disposed.fire();
    this.#changed.dispose();
    this.#disposed.dispose();
  }
}
