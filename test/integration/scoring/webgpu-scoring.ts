// Scores a few made-up images on WebGPU and on the CPU, and prints where it ran and whether both agree.
import { scoreMutually } from '../../../extension/core/scoring/mutual-scoring';
import { madeUpImages, options, sourceOf, worstRelative } from '../../unit/scoring/features';

const grid = { height: 7, width: 6 };
const images = madeUpImages(5, grid, 24, 3);
const run = (device: 'cpu' | 'webgpu') => scoreMutually([sourceOf(images, grid, 24)], options({ device }));
const gpu = await run('webgpu');
const cpu = await run('cpu');
process.stdout.write(JSON.stringify({ ...gpu.device, close: worstRelative(gpu.scores, cpu.scores) < 1e-3 }));
process.exit(0); // WebGPU keeps the process alive
