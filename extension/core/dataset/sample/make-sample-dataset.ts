import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { throwIfAborted, toMuscError } from '../../errors';
import { photograph } from './camera';
import { DEFECT_KINDS, planDefect, type DefectKind, type DefectPlan } from './defects';
import { mould, print } from './part';
import { Random } from './random';
import { emptyScene, SIDE } from './scene';

export interface SampleOptions {
  /** Another seed gives other pictures of the same product; default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** Good pictures; with the 21 defects 61 % of all. */
const GOOD = 33;
/** Of each kind. */
const DEFECTS = 3;
/** The last picture of these kinds is small and of low contrast. */
const HARD: readonly DefectKind[] = ['scratch', 'dent'];
/** JPEG quality: what an inspection camera's software writes. */
const QUALITY = 93;

/** One picture and its mask. Returns SIDE x SIDE RGB bytes, and 0/1 bytes. */
export function takeSample(random: Random, plan: DefectPlan): { picture: Uint8Array; mask: Uint8Array } {
  const scene = emptyScene(random);
  mould(scene, random, plan.missing);
  print(scene, random, plan.ink);
  plan.mar?.(scene);
  return { picture: photograph(scene, random), mask: scene.mask };
}

const number = (i: number) => String(i).padStart(3, '0');

/**
 * Makes the sample data set: 54 pictures of an injection-moulded cover on a conveyor belt, 33 good and 21 with one of seven
 * kinds of defect, with exact masks, in the layout of MVTec AD below `folder`. Everything is computed from the seed; nothing
 * is photographed or copied. Returns `folder`. Throws DISK_FULL, FOLDER_READ_ONLY, FILE_IO, CANCELLED.
 */
export async function makeSampleDataset(folder: string, { seed = 0, signal }: SampleOptions = {}): Promise<string> {
  const random = new Random(seed + 20_240);
  const raw = { width: SIDE, height: SIDE };
  const save = async (type: string, i: number, plan: DefectPlan) => {
    throwIfAborted(signal);
    const { picture, mask } = takeSample(random.fork(), plan);
    const target = path.join(folder, 'test', type, `${number(i)}.jpg`);
    await sharp(picture, { raw: { ...raw, channels: 3 } })
      .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' })
      .toFile(target);
    if (type === 'good') return;
    const white = mask.map((m) => m * 255);
    await sharp(white, { raw: { ...raw, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(path.join(folder, 'ground_truth', type, `${number(i)}_mask.png`));
  };
  try {
    await mkdir(path.join(folder, 'test', 'good'), { recursive: true });
    for (const kind of DEFECT_KINDS)
      for (const part of ['test', 'ground_truth']) await mkdir(path.join(folder, part, kind), { recursive: true });
    for (let i = 0; i < GOOD; i++) await save('good', i, {});
    for (const kind of DEFECT_KINDS)
      for (let i = 0; i < DEFECTS; i++)
        await save(kind, i, planDefect(kind, random.fork(), i === DEFECTS - 1 && HARD.includes(kind)));
  } catch (error) {
    throw toMuscError(error, folder);
  }
  return folder;
}
