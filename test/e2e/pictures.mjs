// Folders of pictures for the editor to score: one product, and one picture of it that is not like the others.
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

/** A small generator of equally spread numbers 0..1; the same seed gives the same pictures. */
function random(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A lit disc on a woven ground, slightly moved and lit anew each time; `defect` adds a dark scratch across it. */
function picture(size, next, defect) {
  const pixels = Buffer.alloc(size * size * 3);
  const [cx, cy] = [size / 2 + (next() - 0.5) * 4, size / 2 + (next() - 0.5) * 4];
  const light = 0.95 + next() * 0.1;
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const weave = 12 * Math.sin(x * 0.9) * Math.sin(y * 0.9);
      const inside = Math.hypot(x - cx, y - cy) < size * 0.32;
      const scratched = defect && inside && Math.abs(y - cy - (x - cx) * 0.6) < size * 0.035;
      const base = scratched
        ? [40, 25, 30]
        : inside
          ? [190 + (cx - x) * 0.4, 160, 90]
          : [95 + weave, 110 + weave, 120 + weave];
      for (let c = 0; c < 3; c++)
        pixels[(y * size + x) * 3 + c] = Math.max(0, Math.min(255, base[c] * light + (next() - 0.5) * 14));
    }
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } });
}

/** Writes `count` good pictures, 000.png and up, and `odd.png` among them. Returns the folder. */
export async function productFolder(folder, { count = 9, size = 96, seed = 7, odd = true } = {}) {
  mkdirSync(folder, { recursive: true });
  const next = random(seed);
  for (let i = 0; i < count; i++)
    await picture(size, next, false)
      .png()
      .toFile(path.join(folder, `${String(i).padStart(3, '0')}.png`));
  if (odd) await picture(size, next, true).png().toFile(path.join(folder, 'odd.png'));
  return folder;
}

/**
 * A run of `count` pictures, made of a small one: its pictures, under many names, and its maps. Returns the folder. The files are links,
 * so that it takes no room.
 */
export function manifoldRun(folder, small, count) {
  const { images, ...run } = JSON.parse(readFileSync(small, 'utf8'));
  const source = path.resolve(path.dirname(small), run.root);
  const runFolder = path.join(folder, '.musc', 'runs', '20260102-030405-many');
  mkdirSync(runFolder, { recursive: true });
  const copies = Array.from({ length: count }, (_, i) => {
    const image = images[i % images.length];
    const name = `${String(i).padStart(5, '0')}.png`;
    linkSync(path.join(source, image.path), path.join(folder, name));
    const { mapCrc, ...rest } = image;
    // no two of the same score, so that there is one ranking
    return { ...rest, path: name, mapCrc, neighboursCrc: undefined, score: image.score * (1 - (1e-3 * i) / count) };
  });
  const maps = readFileSync(path.join(path.dirname(small), 'maps.npy'));
  const header = 10 + maps.readUInt16LE(8); // magic, version, then the length of the text
  const text = maps
    .toString('latin1', 10, header)
    .replace(/\((\d+),/, `(${count},`)
    .trimEnd();
  const head = Buffer.concat([maps.subarray(0, 10), Buffer.from(`${text.padEnd(header - 11)}\n`, 'latin1')]);
  const row = (maps.length - header) / images.length;
  const at = (i) => header + (i % images.length) * row;
  const rows = copies.map((_, i) => maps.subarray(at(i), at(i) + row));
  writeFileSync(path.join(runFolder, 'maps.npy'), Buffer.concat([head, ...rows]));
  const whole = { ...run, id: randomUUID(), name: 'many', metrics: null, summary: undefined, images: copies };
  writeFileSync(path.join(runFolder, 'run.musc.json'), JSON.stringify(whole));
  return folder;
}

/** Pictures that are none: empty, cut off, and text with a picture's name. */
export function brokenPictures(folder) {
  writeFileSync(path.join(folder, 'empty.png'), '');
  writeFileSync(path.join(folder, 'text.jpg'), 'this is no picture');
  writeFileSync(path.join(folder, 'cut.png'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
}

/** The mask of the scratch, where `picture` draws it in the middle. */
const scratchMask = (size) =>
  sharp(
    Buffer.from(
      Array.from({ length: size * size }, (_, i) => {
        const [x, y] = [(i % size) - size / 2, Math.floor(i / size) - size / 2];
        return Math.hypot(x, y) < size * 0.32 && Math.abs(y - x * 0.6) < size * 0.05 ? 255 : 0;
      }),
    ),
    { raw: { width: size, height: size, channels: 1 } },
  );

/** A data set in MVTec AD's form with these categories: good pictures, scratched ones, and masks of these. Returns its root. */
export async function miniatureMvtec(root, categories, { good = 6, scratched = 2, size = 96 } = {}) {
  for (const [seed, category] of categories.entries()) {
    const next = random(seed + 21);
    const at = (...parts) => {
      const folder = path.join(root, category, ...parts.slice(0, -1));
      mkdirSync(folder, { recursive: true });
      return path.join(folder, parts.at(-1));
    };
    for (let i = 0; i < good; i++)
      await picture(size, next, false)
        .png()
        .toFile(at('test', 'good', `${i}.png`));
    for (let i = 0; i < scratched; i++) {
      await picture(size, next, true)
        .png()
        .toFile(at('test', 'scratch', `${i}.png`));
      await scratchMask(size)
        .png()
        .toFile(at('ground_truth', 'scratch', `${i}_mask.png`));
    }
  }
  return root;
}
