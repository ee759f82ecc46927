import { open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import * as z from 'zod';

/** What is kept of a RemoteFile. */
const stateSchema = z.object({
  etag: z.string().nullable(),
  bytes: z.number().nullable(),
  sha256: z.string().nullable(),
  commit: z.string().nullable(),
});
/** Which remote file the bytes so far belong to. */
export type PartialState = z.infer<typeof stateSchema>;

/** A download under way: `FILE.part` beside the file to be, and `FILE.part.json` that tells what it is a part of. */
export class PartialFile {
  private handle: FileHandle | null = null;
  private length = 0;
  private known: PartialState | null = null;
  private answers = 0;

  constructor(private readonly file: string) {}

  get path(): string {
    return `${this.file}.part`;
  }

  /** Bytes received and kept. */
  get received(): number {
    return this.length;
  }

  /** What the bytes are a part of; null: nothing received that can be continued. */
  get state(): PartialState | null {
    return this.known;
  }

  /** True: the bytes were put together from several answers or processes. */
  get resumed(): boolean {
    return this.answers > 1;
  }

  /** Says that bytes of a further answer follow. */
  continueWithAnswer(): void {
    this.answers++;
  }

  /** Opens what an earlier attempt or process left, or an empty file. */
  async open(): Promise<void> {
    const state = await readFile(this.statePath, 'utf8')
      .then((text) => stateSchema.safeParse(JSON.parse(text)))
      .catch(() => null);
    this.known = state?.success ? state.data : null;
    this.handle = await open(this.path, 'a+').then(async (made) => (await made.close(), open(this.path, 'r+')));
    this.length = (await stat(this.path)).size;
    this.answers = this.length > 0 ? 1 : 0;
    if (!this.known) await this.restart(null);
  }

  /** Throws away what was received; from now on the bytes belong to `state`. */
  async restart(state: PartialState | null): Promise<void> {
    await this.opened().truncate(0);
    this.length = 0;
    this.answers = 0;
    this.known = state;
    if (state) await writeFile(this.statePath, JSON.stringify(state));
    else await rm(this.statePath, { force: true });
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.opened().write(bytes, done, bytes.length - done, this.length);
      done += bytesWritten;
      this.length += bytesWritten;
    }
  }

  /** Closes and keeps what was received, for the next attempt. */
  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
  }

  /** Puts the file in its place: on the disk first, then renamed. */
  async finish(): Promise<void> {
    await this.opened().sync();
    await this.close();
    await rename(this.path, this.file);
    await rm(this.statePath, { force: true });
  }

  async discard(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
    await rm(this.statePath, { force: true });
  }

  private get statePath(): string {
    return `${this.path}.json`;
  }

  private opened(): FileHandle {
    if (!this.handle) throw new Error('the partial file is not open');
    return this.handle;
  }
}
