import { cells, type Grid } from '../../array/grid';
import { encodeGraph, FLOAT, type GraphNode } from './onnx-graph';
import type { Storage } from './store-graph';

/**
 * The whole pair kernel as one graph, for execution providers other than the CPU's (SPEC 10): the Gram matrices of `batch` images
 * (A0, A1, ..) with another one (B), box filters as average pooling on both sides, scaled by inverse lengths (of the window means), largest
 * values. Inputs A{k} and B [P, C] in the form they are stored in, and per degree r: a{r} [batch, 1, P], b{r} [1, P, 1].
 * Outputs per degree: rows{r} [batch, P], not yet times a{r}; columns{r} [batch, P], not yet times b{r}. Arithmetic is float32.
 */
export function pairGraph(grid: Grid, degrees: readonly number[], batch: number, storage: Storage): Uint8Array {
  const patches = cells(grid);
  const { height, width } = grid;
  const node = (op: string, inputs: string[], output: string, attributes: GraphNode['attributes'] = {}): GraphNode => ({
    op,
    inputs,
    outputs: [output],
    attributes,
  });
  const pool = (input: string, output: string, degree: number): GraphNode =>
    node('AveragePool', [input], output, {
      kernel_shape: [degree, degree],
      pads: Array<number>(4).fill(degree >> 1),
      strides: [1, 1],
      count_include_pad: 1,
    });
  const images = Array.from({ length: batch }, (_, k) => `A${k}`);
  const half = storage === 'float16';
  const nodes = [
    ...(batch > 1 ? [node('Concat', images, 'stored', { axis: 0 })] : []),
    ...(half
      ? [node('Cast', [batch > 1 ? 'stored' : 'A0'], 'A', { to: FLOAT }), node('Cast', ['B'], 'floatB', { to: FLOAT })]
      : []),
    node('Gemm', [half ? 'A' : batch > 1 ? 'stored' : 'A0', half ? 'floatB' : 'B'], 'gram', { transB: 1 }), // [batch * p, q]
    node('Reshape', ['gram', 'picture'], 'overQ'),
  ];
  for (const r of degrees) {
    nodes.push(
      ...(r > 1 ? [pool('overQ', `pooledQ${r}`, r)] : []),
      node('Reshape', [r > 1 ? `pooledQ${r}` : 'overQ', 'matrix'], `pq${r}`),
      node('Transpose', [`pq${r}`], `qp${r}`, { perm: [0, 2, 1] }),
    );
    const similarities = r > 1 ? `means${r}` : `qp${r}`;
    if (r > 1)
      nodes.push(
        node('Reshape', [`qp${r}`, 'picture'], `overP${r}`),
        pool(`overP${r}`, `pooledP${r}`, r),
        node('Reshape', [`pooledP${r}`, 'matrix'], similarities),
      );
    nodes.push(
      node('Mul', [similarities, `a${r}`], `byA${r}`),
      node('ReduceMax', [`byA${r}`], `columns${r}`, { axes: [2], keepdims: 0 }),
      node('Mul', [similarities, `b${r}`], `byB${r}`),
      node('ReduceMax', [`byB${r}`], `rows${r}`, { axes: [1], keepdims: 0 }),
    );
  }
  const perDegree = <T>(name: string, shape: T): [string, T][] => degrees.map((r) => [`${name}${r}`, shape]);
  return encodeGraph({
    inputs: {
      ...Object.fromEntries(images.map((name) => [name, [patches, 'channels']])),
      B: [patches, 'channels'],
      ...Object.fromEntries([...perDegree('a', [batch, 1, patches]), ...perDegree('b', [1, patches, 1])]),
    },
    outputs: Object.fromEntries([...perDegree('rows', [batch, patches]), ...perDegree('columns', [batch, patches])]),
    nodes,
    halves: half ? [...images, 'B'] : [],
    integers: { picture: [-1, 1, height, width], matrix: [-1, patches, patches] },
  });
}
