import { encodeModel } from '../../../extension/core/backbone/onnx/encode';
import type { OnnxModel, OnnxNode } from '../../../extension/core/backbone/onnx/model';
import { decodeNetwork } from '../../../extension/core/backbone/onnx/network';
import { networkForm } from '../../../extension/core/backbone/onnx/network-form';
import { unknownTap } from '../../../extension/core/backbone/onnx/tap-names';
import { allGraphs } from '../../../extension/core/backbone/onnx/validate';
import { MuscError } from '../../../extension/core/errors';
import { tinyConvolution, tinyVit } from '../../unit/backbone/tiny-network';
import { mutateBytes } from '../mutate-bytes';
import type { Random } from '../random';
import { mustHold, type FuzzTarget } from '../target';

const makers: readonly (() => OnnxModel)[] = [
  tinyConvolution,
  () => tinyVit({ blocks: 2 }), // the others are shorter: a million takes long enough
  () => tinyVit({ clip: true, blocks: 1 }),
  () => tinyVit({ scale: true, registers: 2, blocks: 1 }),
];
const seeds = makers.map((make) => encodeModel(make()));
const words = ['com.evil', 'ai.onnx', '../../weights', 'location', 'Softmax', 'Add', 'pixels', '__proto__'];
const DOMAINS = ['', 'com.microsoft', 'com.evil', 'ai.onnx.ml', '__proto__'];

/** Every name that can be wired to. */
const names = (model: OnnxModel): string[] => [
  ...model.graph.initializers.keys(),
  ...model.graph.nodes.flatMap((n) => n.outputs),
  'pixels',
  '',
  '__proto__',
];

/** One change of a network's structure: wiring, operators, shapes, loops, doubles. */
function rewire(model: OnnxModel, random: Random): void {
  const { nodes, initializers } = model.graph;
  const node: OnnxNode | undefined = random.pick(nodes);
  if (!node) return;
  switch (random.below(8)) {
    case 0:
      node.inputs[random.below(node.inputs.length)] = random.pick(names(model));
      break;
    case 1:
      node.outputs[random.below(node.outputs.length)] = random.pick(names(model)); // loops and doubles
      break;
    case 2:
      node.opType = random.pick(nodes).opType;
      break;
    case 3:
      node.domain = random.pick(DOMAINS);
      break;
    case 4:
      nodes.splice(random.below(nodes.length), 1, ...(random.chance(0.5) ? [structuredClone(node), node] : []));
      break;
    case 5: {
      const tensor = initializers.get(random.pick([...initializers.keys()]));
      if (tensor) tensor.dims = Array.from({ length: random.below(5) }, () => random.pick([0, 1, 3, 8, 1 << 20]));
      break;
    }
    case 6: {
      const tensor = initializers.get(random.pick([...initializers.keys()]));
      if (tensor) tensor.dataType = random.below(20);
      break;
    }
    default:
      node.attributes.push({ name: 'body', type: 5, g: structuredClone(model.graph), rest: [] });
  }
}

function generate(random: Random): Uint8Array {
  if (random.chance(0.7)) return mutateBytes(seeds, random, words);
  const model = random.pick(makers)();
  do rewire(model, random);
  while (random.chance(0.5));
  const bytes = encodeModel(model);
  return random.chance(0.2) ? mutateBytes([bytes], random, words) : bytes;
}

const onnx: FuzzTarget<Uint8Array> = {
  name: 'onnx',
  codes: ['BACKBONE_INVALID'],
  generate,
  run: (input) => {
    const network = { ...decodeNetwork(input, 'x.onnx'), external: [] };
    networkForm(network);
    for (const graph of allGraphs(network.model.graph))
      for (const { domain } of graph.nodes)
        mustHold(domain !== 'com.evil' || network.model.functionDomains.has(domain), 'foreign operators are refused');
    const refusal = unknownTap(
      'block9',
      network.model.graph.nodes.flatMap((n) => n.outputs),
    );
    mustHold(refusal instanceof MuscError, 'an unknown tap is refused');
  },
};

export const networkTargets: readonly FuzzTarget[] = [onnx] as readonly FuzzTarget[];
