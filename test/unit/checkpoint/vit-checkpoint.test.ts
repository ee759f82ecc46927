import { describe, expect, it } from 'vitest';
import { quarterTaps } from '../../../extension/core/backbone/checkpoint/build-backbone';
import {
  NAMING_SCHEMES,
  type LayerName,
  type NamingScheme,
} from '../../../extension/core/backbone/checkpoint/naming-scheme';
import type { TensorEntry } from '../../../extension/core/backbone/checkpoint/safetensors-header';
import { describeVit, usedTensors } from '../../../extension/core/backbone/checkpoint/vit-checkpoint';
import { MuscError } from '../../../extension/core/errors';

const WIDTH = 128;
const MLP = 512;

/** The tensors of a network as a scheme names them. */
function tensorsOf(scheme: NamingScheme, { depth = 12, prefix = '', registers = 0, grid = 4 } = {}) {
  const tensors = new Map<string, TensorEntry>();
  const add = (name: string, shape: number[]) =>
    tensors.set(prefix + name, { dtype: 'F32', shape, begin: 0, end: shape.reduce((a, b) => a * b, 4) });
  const layer = ({ weight, bias }: LayerName, out: number, into?: number) => {
    add(weight, into === undefined ? [out] : [out, into]);
    add(bias, [out]);
  };
  add(scheme.patch.weight, [WIDTH, 3, 16, 16]);
  add(scheme.patch.bias, [WIDTH]);
  add(scheme.classToken, [1, 1, WIDTH]);
  if (scheme.positions) add(scheme.positions, [1, 1 + grid * grid, WIDTH]);
  if (registers) add(scheme.registers[0], [1, registers, WIDTH]);
  if (scheme.preNorm) layer(scheme.preNorm, WIDTH);
  layer(scheme.finalNorm, WIDTH);
  if (scheme.projection) add(scheme.projection.name, scheme.projection.transposed ? [WIDTH, 64] : [64, WIDTH]);
  for (let i = depth - 1; i >= 0; i--) {
    const at = (name: LayerName): LayerName => ({
      weight: `${scheme.blocks}.${i}.${name.weight}`,
      bias: `${scheme.blocks}.${i}.${name.bias}`,
    });
    const { block } = scheme;
    layer(at(block.norm1), WIDTH);
    for (const part of block.qkv) layer(at(part), (3 * WIDTH) / block.qkv.length, WIDTH);
    layer(at(block.attentionOut), WIDTH, WIDTH);
    layer(at(block.norm2), WIDTH);
    layer(at(block.mlpIn), MLP, WIDTH);
    layer(at(block.mlpOut), WIDTH, MLP);
    for (const scale of [block.scale1, block.scale2]) if (scale) add(`${scheme.blocks}.${i}.${scale}`, [WIDTH]);
  }
  return tensors;
}

describe.each(NAMING_SCHEMES.map((scheme) => [scheme.id, scheme] as const))('names of %s', (id, scheme) => {
  it.each(['', 'model.', 'visual.', 'module.backbone.'])(
    'are recognised below "%s", blocks in order of number',
    (prefix) => {
      const vit = describeVit(tensorsOf(scheme, { prefix }), 'file');
      expect(vit).toMatchObject({ scheme: id, width: WIDTH, depth: 12, heads: 2, mlpWidth: MLP, patch: 16 });
      expect(vit.blocks[10].norm1.weight.names).toEqual([`${prefix}${scheme.blocks}.10.${scheme.block.norm1.weight}`]);
      expect(usedTensors(vit).size).toBeGreaterThan(12 * 12);
    },
  );

  it('are missed by name when one is not there', () => {
    const all = tensorsOf(scheme, { depth: 2 });
    const optional = [scheme.patch.bias, scheme.projection?.name, scheme.preNorm?.weight, scheme.preNorm?.bias];
    for (const name of all.keys()) {
      if (optional.includes(name) || /bias$/.test(name) || /scale|ls_?\d|gamma/.test(name)) continue;
      const fewer = new Map(all);
      fewer.delete(name);
      expect(() => describeVit(fewer, 'file'), name).toThrow(MuscError);
    }
  });

  it('with a wrong shape tell found and wanted', () => {
    const all = tensorsOf(scheme, { depth: 2 });
    const name = `${scheme.blocks}.1.${scheme.block.mlpOut.weight}`;
    all.set(name, { dtype: 'F32', shape: [MLP, WIDTH], begin: 0, end: 4 });
    expect(() => describeVit(all, 'file')).toThrow(`${name} is ${MLP} x ${WIDTH}, expected ${WIDTH} x ${MLP}`);
  });

  it('of whole numbers are refused', () => {
    const all = tensorsOf(scheme, { depth: 1 });
    all.set(scheme.classToken, { dtype: 'I64', shape: [WIDTH], begin: 0, end: 4 });
    expect(() => describeVit(all, 'file')).toThrow('I64');
  });
});

const scheme = (id: NamingScheme['id']): NamingScheme => {
  const found = NAMING_SCHEMES.findLast((s) => s.id === id);
  if (!found) throw new Error(id);
  return found;
};

describe('what a file does not tell', () => {
  it('is guessed as the real networks are', () => {
    expect(describeVit(tensorsOf(scheme('hf_clip')), '')).toMatchObject({
      family: 'clip',
      activation: 'quick_gelu',
      epsilon: 1e-5,
    });
    expect(describeVit(tensorsOf(scheme('open_clip')), '')).toMatchObject({
      family: 'clip',
      activation: 'gelu',
      projectionWidth: 64,
    });
    expect(describeVit(tensorsOf(scheme('hf_vit')), '')).toMatchObject({
      family: 'dino',
      activation: 'gelu',
      epsilon: 1e-6,
    });
    expect(describeVit(tensorsOf(scheme('hf_dinov2'), { registers: 4 }), '')).toMatchObject({
      family: 'dinov2',
      registers: 4,
    });
  });

  it('can be given, and is checked', () => {
    expect(describeVit(tensorsOf(scheme('timm')), '', { heads: 4, family: 'dino' })).toMatchObject({
      heads: 4,
      family: 'dino',
    });
    expect(() => describeVit(tensorsOf(scheme('timm')), '', { heads: 5 })).toThrow('5 heads');
  });

  it('of rotary positions shows in the file, and nothing else can be claimed', () => {
    const rotary = tensorsOf(scheme('hf_dinov3'), { registers: 4 });
    expect(describeVit(rotary, '')).toMatchObject({ family: 'dinov3', epsilon: 1e-5, registers: 4, positions: null });
    expect(() => describeVit(rotary, '', { family: 'dinov2' })).toThrow('dinov2');
    expect(() => describeVit(tensorsOf(scheme('timm')), '', { family: 'dinov3' })).toThrow('dinov3');
  });

  it('refuses tables that are no square and files that are no ViT', () => {
    const odd = tensorsOf(scheme('timm'));
    odd.set('pos_embed', { dtype: 'F32', shape: [1, 12, WIDTH], begin: 0, end: 4 });
    expect(() => describeVit(odd, '')).toThrow('no square grid');
    expect(() => describeVit(new Map(), '')).toThrow('not a vision transformer');
  });
});

it.each([
  [24, [5, 11, 17, 23]],
  [12, [2, 5, 8, 11]],
  [11, [1, 4, 7, 10]],
  [4, [0, 1, 2, 3]],
  [2, [0, 1]],
  [1, [0]],
])('the last blocks of the quarters of %i are %j', (depth, taps) => {
  expect(quarterTaps(depth)).toEqual(taps);
});
