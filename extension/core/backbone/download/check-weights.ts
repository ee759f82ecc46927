import * as l10n from '@vscode/l10n';
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
  const { name } = entry;
  const compared: readonly [number, number, (actual: number, expected: number) => string][] = [
    [found.depth, wanted.depth, (a, e) => l10n.t('not {0}: it has {1} blocks, expected {2}', name, a, e)],
    [found.width, wanted.width, (a, e) => l10n.t('not {0}: it has {1} channels, expected {2}', name, a, e)],
    [found.patch, wanted.patch, (a, e) => l10n.t('not {0}: it has {1} pixels a patch, expected {2}', name, a, e)],
    [
      1 + found.registers,
      wanted.prefixTokens,
      (a, e) => l10n.t('not {0}: it has {1} tokens before the patches, expected {2}', name, a, e),
    ],
  ];
  for (const [actual, expected, difference] of compared)
    if (actual !== expected)
      throw new MuscError('BACKBONE_INVALID', difference(actual, expected), {
        where: file,
        hint: l10n.t('delete the file and install again; import a network of your own as a file instead'),
      });
}
