import type { PositionTable } from '../position-table';
import type { GraphIndex } from './graph-index';
import type { OnnxNode, OnnxTensor } from './model';
import { elements, floatValues } from './tensor';

/** Where a graph adds its positions: the addition, its constant side, and the table that the constant is made from. */
export interface PositionLookup {
  readonly add: OnnxNode;
  /** Which input of `add` carries the positions. */
  readonly slot: number;
  readonly table: PositionTable;
}

const MAX_NODES = 64; // between the patch embedding and the first block a stock export has about twenty

/** The largest float table of C columns and several rows that a tensor is made from. */
function tableBehind(index: GraphIndex, name: string, channels: number | null): OnnxTensor | null {
  let best: OnnxTensor | null = null;
  const seen = new Set<string>();
  const stack = [name];
  while (stack.length > 0 && seen.size < MAX_NODES) {
    const current = stack.pop();
    if (current === undefined || seen.has(current)) continue;
    seen.add(current);
    const tensor = index.constant(current);
    if (tensor) {
      const columns = tensor.dims.at(-1) ?? 0;
      const rows = elements(tensor) / columns;
      const isTable = (tensor.dims.length === 2 || (tensor.dims.length === 3 && tensor.dims[0] === 1)) && rows > 1;
      if (isTable && (channels === null || columns === channels) && (!best || elements(tensor) > elements(best)))
        best = tensor;
      continue;
    }
    const node = index.producer(current);
    if (node && node.opType !== 'Shape') stack.push(...node.inputs);
  }
  return best;
}

/**
 * Finds the position table: the nearest addition before the first block whose other side is made from a constant table of
 * several rows, whether an initializer, a lookup by ids, one folded constant or one that the graph resizes by itself.
 * Null: none. Throws BACKBONE_INVALID for a table whose data are damaged.
 * @param stream what the first block reads
 */
export function positionLookup(index: GraphIndex, stream: string): PositionLookup | null {
  const seen = new Set<OnnxNode>();
  const queue = [stream];
  for (let name = queue.shift(); name !== undefined && seen.size < MAX_NODES; name = queue.shift()) {
    const node = index.producer(name);
    if (!node || seen.has(node)) continue;
    seen.add(node);
    const slot = node.opType === 'Add' ? node.inputs.findIndex((i) => !index.isDynamic(i)) : -1;
    const tensor = slot < 0 ? null : tableBehind(index, node.inputs[slot], null);
    const data = tensor && floatValues(tensor);
    if (tensor && data) {
      const channels = tensor.dims[tensor.dims.length - 1];
      const rows = data.length / channels;
      const side = Math.floor(Math.sqrt(rows));
      return {
        add: node,
        slot,
        table: { data, channels, prefix: rows - side * side, grid: { height: side, width: side } },
      };
    }
    queue.push(...node.inputs.filter((i) => index.isDynamic(i)));
  }
  return null;
}
