import { CpuPairKernel } from './cpu-pair-kernel';
import type { PairKernel, PairKernelShape } from './pair-kernel';

/** The kernel for a device. Throws DEVICE_FAILED where the device can't run it. */
export function createPairKernel(shape: PairKernelShape & { readonly device: string }): Promise<PairKernel> {
  return CpuPairKernel.create(shape);
}
