import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';

const SIDE = 96; // pixels: small enough for a run of a second

/** A textured picture, with a dark square where `defect`. The same `seed` gives the same picture. */
export async function writePicture(file: string, seed: number, defect = false): Promise<void> {
  const data = Buffer.alloc(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const wave =
        Math.sin((x + seed) / 5) * 20 +
        Math.sin((y * 3 + seed * 7) / 9) * 15 +
        (((x * 7 + y * 13 + seed * 31) % 11) - 5);
      const dark = defect && x > 30 && x < 52 && y > 40 && y < 60;
      for (let c = 0; c < 3; c++)
        data[(y * SIDE + x) * 3 + c] = dark ? 20 : Math.max(0, Math.min(255, 150 + wave + c * 8));
    }
  await mkdir(path.dirname(file), { recursive: true });
  await sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toFile(file);
}

/** A fresh folder in MVTec form: eight good pictures and two with a defect and a mask. */
export async function smallCategory(): Promise<string> {
  const folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'musc-test-')), 'widget');
  for (let i = 0; i < 8; i++) await writePicture(path.join(folder, 'test', 'good', `00${i}.png`), i);
  for (let i = 0; i < 2; i++) {
    await writePicture(path.join(folder, 'test', 'hole', `00${i}.png`), 20 + i, true);
    const mask = Buffer.alloc(SIDE * SIDE);
    for (let y = 41; y < 60; y++) mask.fill(255, y * SIDE + 31, y * SIDE + 52);
    const file = path.join(folder, 'ground_truth', 'hole', `00${i}_mask.png`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(
      file,
      await sharp(mask, { raw: { width: SIDE, height: SIDE, channels: 1 } })
        .png()
        .toBuffer(),
    );
  }
  return folder;
}
