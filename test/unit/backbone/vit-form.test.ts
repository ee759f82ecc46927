import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../../extension/core/backbone/onnx/encode';
import { decodeNetwork } from '../../../extension/core/backbone/onnx/network';
import { networkForm } from '../../../extension/core/backbone/onnx/network-form';
import type { OnnxModel } from '../../../extension/core/backbone/onnx/model';
import { makeNode } from '../../../extension/core/backbone/onnx/rewrite';
import { model, tinyConvolution, tinyVit, type TinyVitOptions } from './tiny-network';

const read = (model: OnnxModel) => ({ ...decodeNetwork(encodeModel(model)), external: [] });

describe('the form of a network', () => {
  const cases: [string, TinyVitOptions, string][] = [
    ['plain', {}, 'dino'],
    ['with LayerScale', { scale: true }, 'dinov2'],
    ['with registers', { scale: true, registers: 3 }, 'dinov2'],
    ['normalised before its blocks', { clip: true }, 'clip'],
    ['of two blocks', { blocks: 2 }, 'dino'],
  ];
  it.each(cases)('is told for a vision transformer %s', (_, options, family) => {
    const { form } = read(tinyVit(options));
    expect(form?.family).toBe(family);
    expect(form?.blocks).toEqual(Array.from({ length: options.blocks ?? 4 }, (_, b) => `block${b}.out`));
    expect(form?.finalNorm).toEqual(
      family === 'clip' ? null : { input: `block${(options.blocks ?? 4) - 1}.out`, output: 'last' },
    );
  });

  it('is told whatever the tensors are called', () => {
    const renamed = tinyVit({ scale: true });
    const names = new Map<string, string>();
    const rename = (name: string) => {
      if (name === '' || name === 'pixels') return name;
      const known = names.get(name) ?? `t${names.size}`;
      names.set(name, known);
      return known;
    };
    for (const node of renamed.graph.nodes) {
      node.name = '';
      node.inputs = node.inputs.map(rename);
      node.outputs = node.outputs.map(rename);
    }
    renamed.graph.initializers = new Map(
      [...renamed.graph.initializers].map(([name, t]) => [rename(name), { ...t, name: rename(name) }]),
    );
    renamed.graph.outputs[0].name = rename('last');
    expect(read(renamed).form?.blocks).toEqual([0, 1, 2, 3].map((b) => names.get(`block${b}.out`)));
  });

  it('has its position table, patch and native size', () => {
    for (const options of [{}, { clip: true }, { registers: 2 }]) {
      const { positions, patch, native } = networkForm(read(tinyVit(options)));
      expect(positions?.table.grid).toEqual({ height: 3, width: 3 });
      expect(positions?.table.prefix).toBe(1);
      expect(patch).toBe(4);
      expect(native).toEqual({ height: 12, width: 12 });
    }
  });

  it('of a convolution is none', () => {
    expect(read(tinyConvolution()).form).toBeNull();
  });

  it('of a graph made to be searched for ever is refused or none', () => {
    const nodes = [makeNode('Relu', ['pixels'], ['a0'])];
    for (let i = 1; i < 3_000; i++) nodes.push(makeNode('Add', [`a${i - 1}`, 'a0'], [`a${i}`]));
    expect(() => read(model(nodes, [], ['a2999']))).toThrow(/too tangled/);
    const copies = Array.from({ length: 3_000 }, (_, i) =>
      makeNode('Identity', [i ? `c${i - 1}` : 'pixels'], [`c${i}`]),
    );
    expect(read(model(copies, [], ['c2999'])).form).toBeNull();
  });

  it('needs one picture input', () => {
    const two = tinyConvolution();
    two.graph.inputs.push({ name: 'text', elementType: 7, shape: ['batch', 77], rest: [] });
    expect(() => read(two)).toThrow(/does not take one picture/);
  });
});
