import { describe, expect, it } from 'vitest';
import { publishedBackbone, publishedFor } from '../../../extension/core/benchmark/published';
import { missingCategories } from '../../../extension/core/pipeline/expected-images';

describe('published figures', () => {
  it.each<[string, string | null]>([
    ['clip-vit-l-14-336-openai', 'ViT-L-14-336'],
    ['clip-vit-large-patch14-336', 'ViT-L-14-336'],
    ['clip-vit-l-14', 'ViT-L-14'],
    ['clip-vit-b-16-openai', 'ViT-B-16'],
    ['clip-vit-b-32', 'ViT-B-32'],
    ['clip-vit-b-16-plus-240-laion400m-e32', 'ViT-B-16-plus-240'],
    ['clip-vit-b-32-laion400m-e31', null],
    ['dino-vit-b-16', 'dino_vitbase16'],
    ['dino-vitb16', 'dino_vitbase16'],
    ['dinov2-vit-b-14', 'dinov2_vitb14'],
    ['dinov2_vitl14', 'dinov2_vitl14'],
    ['dinov2-base-patch14', 'dinov2_vitb14'],
    ['dinov2-vit-l-14-registers', null],
    ['dinov3-vit-s-16', null],
    ['musc-embedded', null],
    ['vit-b-16-imagenet', null],
  ])('%s is %s', (id, backbone) => {
    expect(publishedBackbone(id)?.backbone ?? null).toBe(backbone);
  });

  it('are fractions of the same category, backbone and size, or none', () => {
    expect(publishedFor('mvtec', 'bottle', 'clip-vit-l-14-336', 518)?.image_auroc).toBeCloseTo(0.9992, 10);
    expect(publishedFor('mvtec', 'bottle', 'clip-vit-l-14-336', 336)).toBeNull();
    expect(publishedFor('mvtec', 'bottle', 'clip-vit-l-14', 518)).toBeNull();
    expect(publishedFor('mvtec', 'mean', 'clip-vit-l-14-336', 518)).toBeNull();
    expect(publishedFor('mvtec', '__proto__', 'clip-vit-l-14-336', 518)).toBeNull();
    expect(publishedFor('folder', null, 'clip-vit-l-14-336', 518)).toBeNull();
    expect(publishedFor('visa', null, 'dinov2-vit-b-14', 336)?.image_auroc).toBeGreaterThan(0.5);
    expect(publishedFor('btad', null, 'clip-vit-b-32', 256)?.image_auroc).toBeCloseTo(0.9219, 10);
  });

  it.each([
    ['mvtec', 'bottle', 15],
    ['visa', 'candle', 12],
    ['btad', '01', 3],
  ] as const)('of %s are there for every category that it should have', (layout, one, count) => {
    const names = [one, ...missingCategories(layout, [one])];
    expect(names).toHaveLength(count);
    for (const name of names) expect(publishedFor(layout, name, 'clip-vit-l-14-336-openai', 518), name).not.toBeNull();
  });
});
