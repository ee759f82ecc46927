import * as l10n from '@vscode/l10n';
import type { OnnxGraph, OnnxNode, OnnxTensor } from './model';
import { malformed } from './wire';

/** Operators whose result depends on the shape of their input only, not on its values. */
const SHAPE_ONLY = new Set(['Shape', 'Size', 'ConstantOfShape']);
/** Operators that hand values through unchanged. */
const ALIAS = new Set(['Identity', 'Cast', 'Dropout']);

/** Nodes visited by all searches together: a stock ViT-L takes ten thousand, a graph made to hang us would take billions. */
const MAX_VISITS = 500_000;
const MAX_ALIASES = 64;

/** Who makes and who reads every tensor of a graph. Built once per graph; a changed graph needs a new one. */
export class GraphIndex {
  readonly #producer = new Map<string, number>();
  readonly #consumers = new Map<string, number[]>();
  readonly #dynamic = new Set<string>();
  readonly #constants = new Map<string, OnnxTensor>();
  #visits = 0;

  /** @param input name of the picture input: tensors whose values depend on it are `dynamic` */
  constructor(
    readonly graph: OnnxGraph,
    input: string,
  ) {
    this.#dynamic.add(input);
    graph.nodes.forEach((node, at) => {
      const dynamic = !SHAPE_ONLY.has(node.opType) && node.inputs.some((name) => this.#dynamic.has(name));
      for (const name of node.outputs) {
        if (name === '') continue;
        this.#producer.set(name, at);
        if (dynamic) this.#dynamic.add(name);
      }
      for (const name of new Set(node.inputs)) {
        const readers = this.#consumers.get(name);
        if (readers) readers.push(at);
        else this.#consumers.set(name, [at]);
      }
      const value = node.opType === 'Constant' ? node.attributes.find((a) => a.name === 'value')?.t : undefined;
      if (value) this.#constants.set(node.outputs[0], value);
    });
  }

  /** Node that makes a tensor; undefined: an input or initializer. */
  producer(name: string): OnnxNode | undefined {
    const at = this.#producer.get(name);
    return at === undefined ? undefined : this.graph.nodes[at];
  }

  /** Place of the producing node in the graph's order; -1: an input or initializer. */
  order(name: string): number {
    return this.#producer.get(name) ?? -1;
  }

  consumers(name: string): OnnxNode[] {
    return (this.#consumers.get(name) ?? []).map((at) => this.graph.nodes[at]);
  }

  /** Do its values (not only its shape) depend on the picture? */
  isDynamic(name: string): boolean {
    return this.#dynamic.has(name);
  }

  /** The tensor behind an initializer or a Constant node. */
  constant(name: string): OnnxTensor | undefined {
    return this.graph.initializers.get(name) ?? this.#constants.get(name);
  }

  /** The tensor that `name` is a plain copy of (Identity, Cast, Dropout), or itself. */
  source(name: string): string {
    let current = name;
    for (let i = 0; i < MAX_ALIASES; i++) {
      const node = this.producer(current);
      if (!node || !ALIAS.has(node.opType)) break;
      current = node.inputs[0];
    }
    return current;
  }

  /**
   * Nodes on the way from tensor `from` to tensor `to`, in the graph's order: those made after `from` that `to` depends
   * on. Null: `to` does not depend on `from`.
   */
  between(from: string, to: string): OnnxNode[] | null {
    const first = this.order(from);
    const seen = new Set<number>();
    const stack = [to];
    let reached = false;
    while (stack.length > 0) {
      const name = stack.pop();
      if (name === undefined) break;
      if (name === from) {
        reached = true;
        continue;
      }
      const at = this.order(name);
      if (++this.#visits > MAX_VISITS) throw malformed(l10n.t('a graph too tangled to look through'));
      if (at <= first || seen.has(at)) continue;
      seen.add(at);
      for (const input of this.graph.nodes[at].inputs) if (this.isDynamic(input)) stack.push(input);
    }
    return reached ? [...seen].sort((a, b) => a - b).map((at) => this.graph.nodes[at]) : null;
  }
}
