import { MuscError } from '../../errors';
import type { VitHints } from '../checkpoint/build-request';
import { Safetensors } from '../checkpoint/safetensors';
import { describeVit } from '../checkpoint/vit-checkpoint';
import type { RegistryEntry } from '../registry-schema';

/**
 * Makes sure that a checkpoint is the network its entry describes, by its header alone. Throws BACKBONE_INVALID saying what differs.
 */
export async function checkWeights(file: string, entry: RegistryEntry): Promise<void> {
  const wanted = entry.architecture;
  if (!wanted) return;
  const opened = await Safetensors.open(file);
  await opened.close();
  const family = entry.family === 'conv' || entry.family === 'other' ? undefined : entry.family;
  const hints: VitHints = { family, heads: wanted.heads };
  const found = describeVit(opened.tensors, file, hints);
  const compared: readonly [string, number, number][] = [
    ['blocks', found.depth, wanted.depth],
    ['channels', found.width, wanted.width],
    ['pixels a patch', found.patch, wanted.patch],
    ['tokens before the patches', 1 + found.registers, wanted.prefixTokens],
  ];
  for (const [what, actual, expected] of compared)
    if (actual !== expected)
      throw new MuscError('BACKBONE_INVALID', `not ${entry.name}: it has ${actual} ${what}, expected ${expected}`, {
        where: file,
        hint: 'delete the file and install again; import a network of your own as a file instead',
      });
}
