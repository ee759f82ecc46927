import { open } from 'node:fs/promises';

/** Sizes of a ViT; every head has 64 channels. */
export interface VitSize {
  readonly width: number;
  readonly depth: number;
  readonly patch: number;
  /** Side of the grid that the position table is for. */
  readonly grid: number;
  readonly mlpWidth: number;
  /** DINOv2 has LayerScale, DINO has not. */
  readonly layerScale: boolean;
}

/** Tensors of such a network as timm names them. */
export function timmShapes({ width, depth, patch, grid, mlpWidth, layerScale }: VitSize): [string, number[]][] {
  const layer = (name: string, out: number, into: number): [string, number[]][] => [
    [`${name}.weight`, [out, into]],
    [`${name}.bias`, [out]],
  ];
  const norm = (name: string): [string, number[]][] => [
    [`${name}.weight`, [width]],
    [`${name}.bias`, [width]],
  ];
  const shapes: [string, number[]][] = [
    ['cls_token', [1, 1, width]],
    ['pos_embed', [1, 1 + grid * grid, width]],
    ['patch_embed.proj.weight', [width, 3, patch, patch]],
    ['patch_embed.proj.bias', [width]],
    ...norm('norm'),
  ];
  for (let i = 0; i < depth; i++) {
    const at = `blocks.${i}`;
    shapes.push(...norm(`${at}.norm1`), ...layer(`${at}.attn.qkv`, 3 * width, width));
    shapes.push(...layer(`${at}.attn.proj`, width, width), ...norm(`${at}.norm2`));
    shapes.push(...layer(`${at}.mlp.fc1`, mlpWidth, width), ...layer(`${at}.mlp.fc2`, width, mlpWidth));
    if (layerScale) shapes.push([`${at}.ls1.gamma`, [width]], [`${at}.ls2.gamma`, [width]]);
  }
  return shapes;
}

/** Writes a safetensors file of random float32 weights, scaled so that activations stay near 1; streamed. */
export const writeRandomCheckpoint = (path: string, size: VitSize, seed = 1): Promise<void> =>
  writeRandomTensors(path, timmShapes(size), seed);

/** The same for any tensors, by name and shape. */
export async function writeRandomTensors(
  path: string,
  shapes: readonly (readonly [string, readonly number[]])[],
  seed = 1,
): Promise<void> {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, shape] of shapes) {
    const bytes = shape.reduce((a, b) => a * b, 4);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  let state = seed >>> 0 || 1;
  const random = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  };
  const file = await open(path, 'w');
  try {
    await file.write(length);
    await file.write(json);
    for (const [name, shape] of shapes) {
      const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
      const spread = Math.sqrt(3 / shape.slice(1).reduce((a, b) => a * b, 1)) / (shape.length === 1 ? 10 : 1);
      const centre = /norm\d?\.weight$|gamma$|lambda1$/.test(name) ? 1 : 0;
      for (let i = 0; i < values.length; i++) values[i] = centre + spread * random();
      await file.write(new Uint8Array(values.buffer));
    }
  } finally {
    await file.close();
  }
}
