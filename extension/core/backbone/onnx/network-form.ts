import type { Grid } from '../../array/grid';
import type { Network } from './network';
import { positionLookup, type PositionLookup } from './position-lookup';

/** The patch side of a ViT: the stride of the convolution that reads the picture. */
function patchSide({ index, input }: Network): number | null {
  const conv = index
    .consumers(input.name)
    .concat(index.consumers(input.name).flatMap((n) => n.outputs.flatMap((o) => index.consumers(o))))
    .find((n) => n.opType === 'Conv');
  const strides = conv?.attributes.find((a) => a.name === 'strides')?.ints;
  return strides && strides[0] === strides[1] && strides[0] > 1 ? strides[0] : null;
}

/** What the form tells, before anything is changed. */
export interface NetworkForm {
  readonly positions: PositionLookup | null;
  readonly patch: number | null;
  /** Picture that the network was exported or trained for; null: any. */
  readonly native: Grid | null;
}

/** Positions, patch and native picture size of a network. */
export function networkForm(network: Network): NetworkForm {
  const { form, index, declared } = network;
  const positions = form ? positionLookup(index, form.stream) : null;
  const patch = form ? patchSide(network) : null;
  if (positions && patch !== null) {
    const { grid } = positions.table;
    return { positions, patch, native: { height: grid.height * patch, width: grid.width * patch } };
  }
  const native =
    declared.height !== null && declared.width !== null ? { height: declared.height, width: declared.width } : null;
  return { positions, patch, native };
}
