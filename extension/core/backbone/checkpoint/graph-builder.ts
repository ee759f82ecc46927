import { toHalf } from './dtype';

/** A node's attribute: an integer, a list of integers, or a number told to be a float. */
export type Attribute = number | readonly number[] | { readonly float: number };

export interface GraphNode {
  readonly op: string;
  readonly domain: '' | 'com.microsoft';
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export type ElementType = 'float32' | 'float16' | 'int64';

/** Constant data: inside the model, or a range of the weights file beside it. */
export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Uint8Array | { readonly offset: number; readonly length: number };
}

/** A graph's input or output; a string is a free dimension. */
export interface GraphValue {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** A finished graph, before it is serialised. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** Takes large weights as they come and says where it put them. */
export interface WeightSink {
  append(bytes: Uint8Array): Promise<{ offset: number; length: number }>;
}

/** Constants below this stay in the model file, so that shape inference can see them; bytes. */
const INLINE = 1024;

/** Collects nodes and weights of one graph; weights leave memory as soon as they are added. */
export class GraphBuilder implements Graph {
  readonly nodes: GraphNode[] = [];
  readonly initializers: Initializer[] = [];
  readonly inputs: GraphValue[] = [];
  readonly outputs: GraphValue[] = [];
  private readonly constants = new Map<string, string>();
  private counter = 0;

  constructor(
    /** Precision of weights and of everything computed. */
    readonly precision: 'float32' | 'float16',
    private readonly sink: WeightSink,
  ) {}

  input(name: string, shape: GraphValue['shape']): string {
    this.inputs.push({ name, type: 'float32', shape });
    return name;
  }

  /** Declares `from` an output called `name`, in float32 whatever the graph's precision. */
  output(name: string, from: string, shape: GraphValue['shape']): void {
    if (this.precision === 'float16') this.node('Cast', [from], { to: 1 }, { outputs: [name] });
    else this.node('Identity', [from], {}, { outputs: [name] });
    this.outputs.push({ name, type: 'float32', shape });
  }

  /** Adds a node with one output and returns its name. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: GraphNode['attributes'] = {},
    { domain = '', outputs }: { domain?: GraphNode['domain']; outputs?: readonly string[] } = {},
  ): string {
    const names = outputs ?? [this.fresh(op)];
    this.nodes.push({ op, domain, inputs, outputs: names, attributes });
    return names[0];
  }

  /** Adds a node of ONNX Runtime's own operator set. */
  fused(op: string, inputs: readonly string[], attributes: GraphNode['attributes'] = {}, outputs?: string[]): string {
    return this.node(op, inputs, attributes, { domain: 'com.microsoft', outputs });
  }

  fresh(stem: string): string {
    return `${stem.toLowerCase()}_${this.counter++}`;
  }

  /** A floating-point constant of the graph's precision. Throws RangeError where `shape` and `data` disagree. */
  async weight(name: string, shape: readonly number[], data: Float32Array): Promise<string> {
    if (shape.reduce((a, b) => a * b, 1) !== data.length)
      throw new RangeError(`weight ${name} has ${data.length} values for shape ${shape.join('x')}`);
    const values = this.precision === 'float16' ? toHalf(data) : data;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.initializers.push({
      name,
      type: this.precision,
      shape,
      data: bytes.length < INLINE ? bytes : await this.sink.append(bytes),
    });
    return name;
  }

  /** A list of 64-bit integers (shapes, axes); equal lists are stored once. */
  integers(...values: number[]): string {
    const key = values.join('_');
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = `i_${key.replaceAll('-', 'm')}`;
    this.constants.set(key, name);
    const bytes = new Uint8Array(new BigInt64Array(values.map(BigInt)).buffer);
    this.initializers.push({ name, type: 'int64', shape: [values.length], data: bytes });
    return name;
  }

  /** A floating-point scalar of the graph's precision. */
  async scalar(value: number): Promise<string> {
    const key = `f${value}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = `f_${this.constants.size}`;
    this.constants.set(key, name);
    return this.weight(name, [], Float32Array.of(value));
  }
}
