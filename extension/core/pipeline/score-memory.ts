import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as z from 'zod';
import { toMuscError } from '../errors';
import { freeBytesOf } from '../free-bytes';
import { readRegularFile } from '../regular-file';
import { sweepAbandoned, temporaryName, writeAtomic } from '../run/atomic-write';
import { readScoreState, stateBytes, writeScoreState, type ScoreState } from '../scoring/score-state';
import { claimFolder, type FolderClaim } from './folder-claim';

/** Largest state that is kept, bytes: beyond it all pairs are computed anew when pictures are added. */
const STATE_LIMIT = 512 * 1024 ** 2;
/** Most disk that the remembered distances of other settings may take together, bytes. */
const STATES_LIMIT = 1024 ** 3;
/** A state, whose list of pictures has the same name and another ending. Nothing else is ever removed. */
const STATE = /^[0-9a-f]{24}\.state$/;
/** An interrupted run's checkpoint that nobody went on with is dropped after this time, ms. */
const CHECKPOINT_AGE = 14 * 24 * 3600 * 1000;
/** A million pictures take 70 MB. */
const LIST_LIMIT = 256 * 1024 ** 2;
/** A checkpoint's folder. Nothing else is ever removed. */
const CHECKPOINT = /^run-[0-9a-f]{24}$/;
/** Most disk that a checkpoint may take, bytes: a run beyond it keeps its features, but not its distances. */
const CHECKPOINT_LIMIT = 16 * 1024 ** 3;
/** Seconds between two savings of a run's progress. */
const EVERY = 15;

const memory = z.object({ version: z.literal(1), key: z.string(), pictures: z.array(z.string()) });

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 24);

/** Where a run saves its progress, until `release`: what is saved stays for one that goes on, unless the run was `finished`. */
export interface ClaimedCheckpoint extends FolderClaim {
  /** Nobody needs it any more. Never fails. */
  finished(): Promise<void>;
  readonly folder: string;
  readonly everySeconds: number;
  readonly key: string;
}

/**
 * What a scored folder remembers of its distances, in `.musc/cache/scoring`: checkpoints of runs under way, so that a
 * killed one goes on, and the last finished run's smallest distances, so that added pictures cost only their own pairs.
 * Both only save time: results are the same without them. Anything damaged counts as absent.
 */
export class ScoreMemory {
  private constructor(
    private readonly folder: string,
    /** Names everything the distances depend on but the pictures: features, degrees, kept ranks. */
    private readonly config: string,
    /** Content hashes of the remembered run's pictures, in its order; empty: nothing is remembered. */
    readonly pictures: readonly string[],
  ) {}

  static async open(cache: string, deciding: Readonly<Record<string, unknown>>): Promise<ScoreMemory> {
    const folder = path.join(cache, 'scoring');
    const config = digest(deciding);
    try {
      const text = (await readRegularFile(path.join(folder, `${config}.json`), LIST_LIMIT)).toString('utf8');
      const { key, pictures } = memory.parse(JSON.parse(text));
      return new ScoreMemory(folder, config, key === digest([config, pictures]) ? pictures : []);
    } catch {
      return new ScoreMemory(folder, config, []);
    }
  }

  /** The remembered distances, or null. */
  async previous(): Promise<ScoreState | null> {
    if (this.pictures.length === 0) return null;
    return readScoreState(this.stateFile, digest([this.config, this.pictures])).catch(() => null);
  }

  /** Whether distances of so many pictures are small enough to keep. `width`: degrees times patches. */
  keeps(images: number, taps: number, width: number, keep: readonly [number, number]): boolean {
    return stateBytes(images, taps, width, keep) <= STATE_LIMIT;
  }

  /** Remembers a finished run; a disk that refuses is no error. The pictures come last: without them there is no memory. */
  async remember(state: ScoreState, pictures: readonly string[]): Promise<void> {
    const list = path.join(this.folder, `${this.config}.json`);
    try {
      await mkdir(this.folder, { recursive: true });
      await rm(list, { force: true });
      const key = digest([this.config, pictures]);
      await writeScoreState(this.stateFile, state, key);
      await writeAtomic(list, JSON.stringify({ version: 1, key, pictures }));
    } catch {
      await rm(this.stateFile, { force: true }).catch(() => undefined);
    }
  }

  /**
   * Where a run of these pictures saves its progress: of this process alone until it is released. Without `resume` an
   * earlier attempt's progress is dropped. `bytes`: what its distances take on disk. Undefined, with `refused` told why, where that is
   * too much, or more than a file there may be long, nothing can be written, or another process is at the same run.
   */
  async checkpoint(
    pictures: readonly string[],
    resume: boolean,
    bytes = 0,
    refused: (why: string) => void = () => undefined,
  ): Promise<ClaimedCheckpoint | undefined> {
    const key = digest([this.config, pictures]);
    const folder = path.join(this.folder, `run-${key}`);
    try {
      await mkdir(this.folder, { recursive: true });
      await this.dropOld();
      if (bytes > (await roomForTable(this.folder))) {
        refused(l10n.t('its distances would take {0} GB of disk', (bytes / 1e9).toFixed(1)));
        return undefined;
      }
      if (bytes >= SMALL_FILE && !(await holdsFile(this.folder, bytes))) {
        refused(l10n.t('the disk does not take a file of {0} GB', (bytes / 1e9).toFixed(1)));
        return undefined;
      }
      const claim = await claimFolder(folder);
      if (claim === null) {
        refused(l10n.t('another process is at the same run'));
        return undefined;
      }
      await prepareFolder(folder, resume).catch(async (error: unknown) => {
        await claim.release();
        throw error;
      });
      const finished = () => rm(folder, { recursive: true, force: true }).catch(() => undefined);
      return { folder, everySeconds: EVERY, key, finished, release: () => claim.release() };
    } catch (error) {
      refused(toMuscError(error, this.folder).message);
      return undefined;
    }
  }

  private get stateFile(): string {
    return path.join(this.folder, `${this.config}.state`);
  }

  private async dropOld(): Promise<void> {
    await sweepAbandoned(this.folder);
    for (const name of await readdir(this.folder).catch(() => [] as string[])) {
      if (!CHECKPOINT.test(name)) continue;
      const folder = path.join(this.folder, name);
      const age = Date.now() - (await stat(folder)).mtimeMs;
      if (age > CHECKPOINT_AGE) await rm(folder, { recursive: true, force: true });
    }
    await this.dropOldStates();
  }

  /** Drops what other settings remember, the oldest first, until the rest fits. */
  private async dropOldStates(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => STATE.test(name) && !name.startsWith(this.config));
    const states = await Promise.all(
      names.map(async (name) => ({ name, ...(await stat(path.join(this.folder, name))) })),
    );
    let total = states.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size } of states.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= STATES_LIMIT) return;
      for (const file of [name, name.replace(/state$/, 'json')])
        await rm(path.join(this.folder, file), { force: true });
      total -= size;
    }
  }
}

/** Makes a checkpoint's folder; what an earlier attempt has left there stays for one that goes on. Throws as the file system does. */
async function prepareFolder(folder: string, resume: boolean): Promise<void> {
  if (!resume) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await sweepAbandoned(folder);
}

/** Files below this many bytes are nowhere too long; FAT32 refuses this one at once, where trying a shorter one would write it whole. */
const SMALL_FILE = 2 ** 32;

/** Whether a file in `folder` may be so long (bytes): FAT32 ends at 4 GiB. Throws as the file system does where none can be made. */
async function holdsFile(folder: string, bytes: number): Promise<boolean> {
  const file = temporaryName(path.join(folder, 'size'));
  try {
    await writeFile(file, '', { flag: 'wx' });
    return await truncate(file, bytes).then(
      () => true,
      () => false,
    );
  } finally {
    await rm(file, { force: true });
  }
}

/** Bytes that the distances of a run may take in a folder's cache, at most half of what is free. Throws as the file system does. */
export const roomForTable = async (folder: string): Promise<number> =>
  Math.min(CHECKPOINT_LIMIT, (await freeBytesOf(folder)) / 2);
