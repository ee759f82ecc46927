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

const MAX_VALUES = 8 << 20; // four times the table of the largest public ViT
const MAX_NODES = 128; // between the patch embedding and the first block a stock export has about forty

/** Constants that a tensor without picture values is made from, with the node that reads each. */
function constantsBehind(index: GraphIndex, name: string): { tensor: OnnxTensor; reader: OnnxNode | null }[] {
  const found: { tensor: OnnxTensor; reader: OnnxNode | null }[] = [];
  const seen = new Set<string>();
  const stack: { name: string; reader: OnnxNode | null }[] = [{ name, reader: null }];
  while (seen.size < MAX_NODES) {
    const at = stack.pop();
    if (!at) break;
    if (seen.has(at.name)) continue;
    seen.add(at.name);
    const tensor = index.constant(at.name);
    if (tensor) {
      found.push({ tensor, reader: at.reader });
      continue;
    }
    const node = index.producer(at.name);
    if (node && node.opType !== 'Shape') stack.push(...node.inputs.map((input) => ({ name: input, reader: node })));
  }
  return found;
}

/** A table kept whole: the largest constant of several rows, [N, C] or [1, N, C]. */
function wholeTable(index: GraphIndex, name: string): PositionTable | null {
  let best: OnnxTensor | null = null;
  for (const { tensor } of constantsBehind(index, name)) {
    const { dims } = tensor;
    const rows = dims.at(-2) ?? 0;
    const fits =
      (dims.length === 2 || (dims.length === 3 && dims[0] === 1)) && rows > 1 && elements(tensor) <= MAX_VALUES;
    if (fits && (!best || elements(tensor) > elements(best))) best = tensor;
  }
  const data = best && floatValues(best);
  if (!best || !data) return null;
  const channels = best.dims[best.dims.length - 1];
  const rows = data.length / channels;
  const side = Math.floor(Math.sqrt(rows));
  return { data, channels, prefix: rows - side * side, grid: { height: side, width: side } };
}

/** A table that the graph resizes by itself, cut by the exporter into the patch rows as [1, C, h, w] and the class token's row. */
function splitTable(index: GraphIndex, name: string): PositionTable | null {
  const constants = constantsBehind(index, name);
  const resized = constants.find((c) => c.reader?.opType === 'Resize' && c.tensor.dims.length === 4);
  const patches = resized && elements(resized.tensor) <= MAX_VALUES ? floatValues(resized.tensor) : null;
  if (!resized || !patches) return null;
  const [, channels, height, width] = resized.tensor.dims;
  const head = constants.find(
    (c) => c.reader?.opType === 'Concat' && c.tensor.dims.length === 3 && c.tensor.dims[2] === channels,
  );
  const first = (head && floatValues(head.tensor)) ?? new Float32Array(0);
  const data = new Float32Array(first.length + patches.length);
  data.set(first);
  const area = height * width;
  for (let c = 0; c < channels; c++)
    for (let p = 0; p < area; p++) data[first.length + p * channels + c] = patches[c * area + p];
  return { data, channels, prefix: first.length / channels, grid: { height, width } };
}

/**
 * Finds the position table: the addition before the first block whose other side is made from the constant table of most
 * rows, whether an initializer, a lookup by ids, one folded constant or one that the graph resizes by itself. (Class and
 * register tokens may be added there too.) Null: none. Throws BACKBONE_INVALID for a table whose data are damaged.
 * @param stream what the first block reads
 */
export function positionLookup(index: GraphIndex, stream: string): PositionLookup | null {
  let best: PositionLookup | null = null;
  const seen = new Set<OnnxNode>();
  const queue = [stream];
  for (let name = queue.shift(); name !== undefined && seen.size < MAX_NODES; name = queue.shift()) {
    const node = index.producer(name);
    if (!node || seen.has(node)) continue;
    seen.add(node);
    const slot = node.opType === 'Add' ? node.inputs.findIndex((i) => !index.isDynamic(i)) : -1;
    const table = slot < 0 ? null : (wholeTable(index, node.inputs[slot]) ?? splitTable(index, node.inputs[slot]));
    if (table && (!best || table.data.length > best.table.data.length)) best = { add: node, slot, table };
    queue.push(...node.inputs.filter((i) => index.isDynamic(i)));
  }
  return best;
}
