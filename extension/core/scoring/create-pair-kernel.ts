import type { Device } from '../backbone/device/provider';
import { CpuPairKernel } from './cpu-pair-kernel';
import { GraphPairKernel } from './graph-pair-kernel';
import type { PairKernel, PairKernelShape } from './pair-kernel';

/** The kernel for a device. Throws DEVICE_FAILED where the device can't run it. */
export function createPairKernel(shape: PairKernelShape & { readonly device: Device }): Promise<PairKernel> {
  return shape.device === 'cpu' ? CpuPairKernel.create(shape) : GraphPairKernel.create(shape, shape.device);
}
