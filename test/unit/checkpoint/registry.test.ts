import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { quarterTaps } from '../../../extension/core/backbone/checkpoint/build-backbone';
import { packagedModels } from '../../../extension/core/backbone/registry';
import { registryFile } from '../../../extension/core/backbone/registry-schema';

const registry = registryFile.parse(
  JSON.parse(await readFile(path.join(packagedModels(), 'registry.json'), 'utf8')) as unknown,
);

it('has every backbone of the paper, each once', () => {
  const ids = registry.backbones.map((b) => b.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const wanted of [
    /^clip-vit-b-32-openai$/,
    /^clip-vit-b-16-openai$/,
    /^clip-vit-b-16-plus-240-laion400m-e31$/,
    /^clip-vit-b-16-plus-240-laion400m-e32$/,
    /^clip-vit-l-14-openai$/,
    /^clip-vit-l-14-336-openai$/,
    /^dino-vit-b-8$/,
    /^dino-vit-b-16$/,
    /^dinov2-vit-s-14$/,
    /^dinov2-vit-b-14$/,
    /^dinov2-vit-l-14$/,
  ])
    expect(
      ids.some((id) => wanted.test(id)),
      String(wanted),
    ).toBe(true);
});

it.each(registry.backbones.map((entry) => [entry.id, entry] as const))('%s adds up', (_, entry) => {
  const network = entry.architecture;
  if (!network || entry.source.kind !== 'hub') throw new Error('a checkpoint on a hub is expected');
  expect(entry.multiple).toBe(network.patch);
  expect(entry.imageSize % network.patch).toBe(0);
  expect(entry.nativeSize % network.patch).toBe(0);
  expect(network.width).toBe(network.heads * 64);
  expect(quarterTaps(network.depth)).toHaveLength(4);
  expect(network.openaiClip).toBe(entry.id.endsWith('-openai'));
  // LAION-400M's B/32 was trained with QuickGELU and loaded without by the authors; every other of theirs has GELU.
  const coarse = entry.id.startsWith('clip-vit-b-32-laion400m');
  expect(network.referenceActivation).toBe(coarse ? 'gelu' : undefined);
  expect(network.activation).toBe(network.openaiClip || coarse ? 'quick_gelu' : 'gelu');
  expect(entry.normaliseEmbedding).toBe(entry.family === 'clip');
  expect(network.positions).toBe(
    entry.family === 'clip' ? 'size' : entry.family === 'dinov3' ? 'none' : 'scale_plus_0.1',
  );
  // Nobody here has had the real files.
  expect(entry.proven).toBe(false);
  // A checksum is locked together with a revision that can't move.
  if (entry.source.sha256 !== null) expect(entry.source.revision).toMatch(/^[0-9a-f]{40}$/);
});

it.each(['/etc/passwd', '../x.safetensors', 'a/../x', 'a//x', 'a/', '/', '.', '.hidden/x', 'a\\x', 'C:x', ''])(
  'refuses %j as a file of a hub: its address and its name would lead elsewhere',
  (file) => {
    const [entry] = registry.backbones;
    const changed = { ...entry, source: { ...entry.source, file } };
    expect(registryFile.safeParse({ ...registry, backbones: [changed] }).success).toBe(false);
  },
);
