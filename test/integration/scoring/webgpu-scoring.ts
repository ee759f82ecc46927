// Scores a few made-up images on WebGPU and on the CPU, and prints where it ran, where features are held, and whether both agree.
import { DeviceFeatures } from '../../../extension/core/scoring/device-features';
import { scoreMutually } from '../../../extension/core/scoring/mutual-scoring';
import { madeUpImages, options, sourceOf, worstRelative } from '../../unit/scoring/features';

const grid = { height: 5, width: 4 };
const taps = [3, 4].map((seed) => sourceOf(madeUpImages(6, grid, 24, seed), grid, 24));
const run = (device: 'cpu' | 'webgpu') => scoreMutually(taps, options({ device }));
const gpu = await run('webgpu');
const cpu = await run('cpu');
const onDevice = await DeviceFeatures.create('webgpu', 'float32', { executionProviders: ['webgpu'] });
const held = await onDevice.get(0, () => new Float32Array(8), 4);
process.stdout.write(
  JSON.stringify({ ...gpu.device, held: held.location, close: worstRelative(gpu.scores, cpu.scores) < 1e-3 }),
);
process.exit(0); // WebGPU keeps the process alive
