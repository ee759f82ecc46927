import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { readNpy, type NpyArray } from '../../extension/core/array/npy';

const tensor = z.object({
  file: z.string(),
  dtype: z.string(),
  shape: z.array(z.number()),
  role: z.enum(['input', 'expected', 'info']),
  tol: z.string().optional(),
  nan: z.boolean().optional(),
  doc: z.string().optional(),
});
const file = z.object({
  file: z.string(),
  role: z.enum(['input', 'expected', 'info']),
  bytes: z.number().optional(),
  tol: z.string().optional(),
  doc: z.string().optional(),
});

/** A folder's cases.json. */
export const manifest = z.object({
  folder: z.string(),
  title: z.string().optional(),
  cases: z.array(
    z.object({
      name: z.string(),
      params: z.record(z.string(), z.unknown()),
      tensors: z.record(z.string(), tensor),
      files: z.record(z.string(), file),
      expected: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type Manifest = z.infer<typeof manifest>;
type TensorEntry = z.infer<typeof tensor>;
type FileEntry = z.infer<typeof file>;

/** One check of a case: `ok`, or what differs. */
export interface CheckResult {
  /** Key of the tensor, file or scalar that was compared. */
  readonly key: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** How one folder of fixtures is checked. A suite knows the folder's format, never the names of its cases. */
export interface GoldenSuite {
  readonly folder: string;
  check(testCase: GoldenCase): Promise<readonly CheckResult[]>;
}

/** A case with its files at hand. */
export class GoldenCase {
  constructor(
    /** Absolute folder that `file` entries are relative to. */
    readonly directory: string,
    readonly name: string,
    readonly params: Readonly<Record<string, unknown>>,
    readonly tensors: Readonly<Record<string, TensorEntry>>,
    readonly files: Readonly<Record<string, FileEntry>>,
    readonly expected: Readonly<Record<string, unknown>>,
    /** All cases of the folder: some share the inputs of another. */
    readonly siblings: readonly Manifest['cases'][number][],
  ) {}

  /** Keys of tensors and files that must be compared. */
  expectedKeys(): string[] {
    return [...Object.entries(this.tensors), ...Object.entries(this.files)]
      .filter(([, e]) => e.role === 'expected')
      .map(([key]) => key);
  }

  /** Absolute path of a tensor's or file's data. Throws where the key is unknown. */
  path(key: string): string {
    const entry = this.tensors[key] ?? this.files[key];
    if (!entry) throw new Error(`case ${this.name} has no ${key}`);
    return path.join(this.directory, entry.file);
  }

  /** Reads a tensor and holds its shape against the manifest's. */
  async tensor(key: string): Promise<NpyArray> {
    const entry = this.tensors[key];
    if (!entry) throw new Error(`case ${this.name} has no tensor ${key}`);
    const array = await readNpy(path.join(this.directory, entry.file));
    if (array.shape.join() !== entry.shape.join())
      throw new Error(`${entry.file} has shape ${array.shape.join('x')}, the manifest says ${entry.shape.join('x')}`);
    return array;
  }

  async bytes(key: string): Promise<Uint8Array> {
    return readFile(this.path(key));
  }
}

/** Largest allowed absolute and relative difference of a `tol` string such as "a=2e-4", "exact", "a=3 and mean<=0.5 (JPEG)". */
export function tolerance(tol: string | undefined): { absolute: number; mean: number } {
  if (tol === undefined) throw new Error('an expected value has no tolerance');
  if (/^exact\b/.test(tol)) return { absolute: 0, mean: Infinity };
  const absolute = /a=([0-9.e+-]+)/.exec(tol)?.[1];
  if (absolute === undefined) throw new Error(`tolerance not understood: ${tol}`);
  const mean = /mean<=([0-9.e+-]+)/.exec(tol)?.[1];
  return { absolute: Number(absolute), mean: mean === undefined ? Infinity : Number(mean) };
}

/** Compares element by element; NaN equals only NaN. */
export function compare(
  key: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tol: string | undefined,
): CheckResult {
  if (actual.length !== expected.length)
    return { key, ok: false, detail: `${actual.length} values, expected ${expected.length}` };
  const limit = tolerance(tol);
  let worst = 0;
  let sum = 0;
  let at = -1;
  for (let i = 0; i < expected.length; i++) {
    const both = Number.isNaN(actual[i]) && Number.isNaN(expected[i]);
    const difference = both ? 0 : Math.abs(actual[i] - expected[i]);
    if (!(difference <= worst)) [worst, at] = [Number.isNaN(difference) ? Infinity : difference, i];
    sum += difference;
  }
  const mean = expected.length ? sum / expected.length : 0;
  const ok = worst <= limit.absolute && !(mean > limit.mean);
  return {
    key,
    ok,
    detail: `max |difference| ${worst.toPrecision(3)}${at >= 0 ? ` at ${at}` : ''}, mean ${mean.toPrecision(3)}, allowed ${tol}`,
  };
}
