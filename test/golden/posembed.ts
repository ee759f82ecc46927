import { resizePositions, type PositionRule } from '../../extension/core/backbone/position-table';
import { compare, type CheckResult, type GoldenCase, type GoldenSuite } from './suite';

/** The rule of a `style`: a family, or families that share one ("dino/dinov2"). */
function ruleOf(style: string): PositionRule {
  const families = style.split('/');
  if (families.every((f) => ['open_clip', 'clip', 'size'].includes(f))) return 'size';
  if (families.every((f) => ['dino', 'dinov2', 'scale_plus_0.1'].includes(f))) return 'scale_plus_0.1';
  throw new Error(`style not understood: ${style}`);
}

/** A grid's side given as one number or as [height, width]. */
function gridOf(value: unknown): { height: number; width: number } {
  if (typeof value === 'number') return { height: value, width: value };
  if (Array.isArray(value) && value.length === 2) return { height: Number(value[0]), width: Number(value[1]) };
  throw new Error(`grid not understood: ${JSON.stringify(value)}`);
}

/** Position tables resized to another patch grid: `pos` -> `out`. */
export const suite: GoldenSuite = {
  folder: 'posembed',
  async check(testCase: GoldenCase): Promise<CheckResult[]> {
    const { style, old, new: wanted } = testCase.params;
    const rule = ruleOf(String(style));
    const grid = gridOf(old);
    const table = await testCase.tensor('pos');
    const channels = table.shape[table.shape.length - 1];
    const data = Float32Array.from(table.data);
    const prefix = data.length / channels - grid.height * grid.width;
    const actual = resizePositions({ data, prefix, grid, channels }, gridOf(wanted), rule);
    return [compare('out', actual, (await testCase.tensor('out')).data, testCase.tensors.out.tol)];
  },
};
