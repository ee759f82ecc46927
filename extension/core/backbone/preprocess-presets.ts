import type { Preprocess } from './backbone';

/** OpenAI's mean and std, bicubic squash (SPEC 1). */
export const CLIP_PREPROCESS: Preprocess = {
  resize: 'bicubic',
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};

/** ImageNet's mean and std, bilinear squash (SPEC 1). */
export const IMAGENET_PREPROCESS: Preprocess = {
  resize: 'bilinear',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** What `--preprocess` offers. */
export const PREPROCESS_PRESETS = { clip: CLIP_PREPROCESS, imagenet: IMAGENET_PREPROCESS } as const;
