import { fdatasync, openSync } from 'node:fs';
import { lstat, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { MuscError } from '../errors';
import { extendFile } from './feature-store';
import { readSealed, writeSealed } from './sealed-file';
import type { ScoringTotals } from './scoring-totals';
import type { ScoringPlan } from './tap-job';

/** Where a run keeps what it has done, so that a killed one goes on with the same result, bit for bit. */
export interface CheckpointOptions {
  readonly folder: string;
  /** Seconds between two savings; what was done since the last one is done again. */
  readonly everySeconds: number;
  /** Names everything the distances depend on (pictures, backbone, size): another key starts anew. */
  readonly key: string;
}

/** The plan of the run, and its number of taps: what a saved run must agree in to be continued. */
type CheckpointShape = ScoringPlan & { readonly taps: number };

const saved = z.object({
  key: z.string(),
  shape: z.unknown(),
  block: z.number().int().positive(),
  tap: z.number().int().nonnegative(),
});

const sync = promisify(fdatasync);
const JOURNAL = 'scoring.musc';

/** Finished taps are in the totals; of the tap under way the distances are in a file and the finished tiles in a list. */
export class Checkpoint {
  private saving: Promise<void> | null = null;
  private lastSaved = performance.now();
  private failure: unknown = null;

  private constructor(
    private readonly options: CheckpointOptions,
    private readonly shape: CheckpointShape,
    /** Images per tile side: the saved one of a continued run. */
    readonly block: number,
    /** First tap that is not finished, and its finished tiles. */
    readonly tap: number,
    readonly tiles: Uint8Array,
  ) {}

  /** Continues what the folder holds if that fits, restoring `totals`; starts anew otherwise. */
  static async open(
    options: CheckpointOptions,
    shape: CheckpointShape,
    block: number,
    totals: ScoringTotals,
  ): Promise<Checkpoint> {
    await mkdir(options.folder, { recursive: true });
    const found = await restore(options, shape, totals);
    if (found) return new Checkpoint(options, shape, found.block, found.tap, found.tiles);
    await rm(path.join(options.folder, JOURNAL), { force: true });
    totals.clear();
    return new Checkpoint(options, shape, block, 0, new Uint8Array(0));
  }

  /** The file of a tap's distances, and which tiles it holds already (of `tiles`). Throws DISK_FULL, FOLDER_READ_ONLY, FILE_IO. */
  async openTable(
    tap: number,
    bytes: number,
    tiles: number,
    totals: ScoringTotals,
  ): Promise<{ descriptor: number; done: Uint8Array }> {
    const file = this.tableFile(tap);
    const size = await lstat(file).then(
      (s) => (s.isFile() ? s.size : -1),
      () => -1,
    );
    const begun = tap === this.tap && this.tiles.length > 0;
    const usable = begun && this.tiles.length === tiles && size === bytes;
    // the next to go on would take the new file's zeros for the distances of the tiles that the journal still names
    if (begun && !usable) await this.save(tap, new Uint8Array(0), totals);
    // never through a link that lies there: it could lead to any file of the user's
    if (!usable) await rm(file, { force: true });
    const descriptor = openSync(file, usable ? 'r+' : 'wx+', 0o600);
    if (!usable) extendFile(descriptor, bytes);
    return { descriptor, done: usable ? this.tiles.slice() : new Uint8Array(tiles) };
  }

  /** Saves in the background when it is time to. Throws what the last saving failed with. */
  tileFinished(tap: number, done: Uint8Array, descriptor: number, totals: ScoringTotals): void {
    if (this.failure !== null) throw this.failure;
    if (this.saving !== null || performance.now() - this.lastSaved < this.options.everySeconds * 1000) return;
    const snapshot = done.slice();
    this.saving = sync(descriptor)
      .then(() => this.save(tap, snapshot, totals))
      .catch((error: unknown) => void (this.failure = error))
      .finally(() => {
        this.saving = null;
        this.lastSaved = performance.now();
      });
  }

  /** Waits for a saving under way: from then on totals may change. */
  async settled(): Promise<void> {
    await this.saving;
  }

  /** Saves that a tap is finished; its distances are not needed any more. */
  async tapFinished(tap: number, totals: ScoringTotals): Promise<void> {
    if (this.failure !== null) throw this.failure;
    await totals.writeKept(tap, keptFile(this.options.folder, tap));
    await this.save(tap + 1, new Uint8Array(0), totals);
    await rm(this.tableFile(tap), { force: true });
  }

  private save(tap: number, tiles: Uint8Array, totals: ScoringTotals): Promise<void> {
    const { options, shape, block } = this;
    const file = path.join(options.folder, JOURNAL);
    return writeSealed(file, { key: options.key, shape, block, tap }, { ...totals.arrays(), tiles });
  }

  private tableFile(tap: number): string {
    return path.join(this.options.folder, `tap-${tap}.distances`);
  }
}

const keptFile = (folder: string, tap: number): string => path.join(folder, `tap-${tap}.kept`);

/** Reads a journal that fits into `totals`; null where there is none, or it is damaged or of another run. */
async function restore(options: CheckpointOptions, shape: CheckpointShape, totals: ScoringTotals) {
  try {
    const sealed = await readSealed(path.join(options.folder, JOURNAL));
    const meta = saved.safeParse(sealed.meta);
    if (!meta.success || meta.data.key !== options.key) return null;
    if (JSON.stringify(meta.data.shape) !== JSON.stringify(shape)) return null; // plain data, keys in the plan's order
    const tiles = sealed.arrays.get('tiles');
    if (!(tiles instanceof Uint8Array) || !totals.restore(sealed.arrays)) return null;
    for (let tap = 0; tap < meta.data.tap; tap++) await totals.readKept(tap, keptFile(options.folder, tap));
    return { block: meta.data.block, tap: meta.data.tap, tiles };
  } catch (error) {
    if (error instanceof MuscError && error.code === 'FILE_INVALID') return null;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
