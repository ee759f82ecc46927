import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseBench, readBench, writeBench } from '../../../extension/core/benchmark/bench-store';
import { exportBench } from '../../../extension/core/benchmark/export-bench';
import { BENCH_FORMATS } from '../../../extension/protocol/bench-metrics';
import { sampleBench } from '../../unit/benchmark/sample-bench';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'musc-bench-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a benchmark document', () => {
  it('reads back as written; damage is refused', async () => {
    const file = path.join(folder, 'a.musc-bench.json');
    await writeBench(file, sampleBench());
    expect(await readBench(file)).toEqual(sampleBench());
    await writeFile(file, '{"format":"musc-bench","version":2}');
    await expect(readBench(file)).rejects.toThrow(/version 2/);
    expect(() => parseBench('{"format":"musc-bench","version":1}', file)).toThrow(/not a valid benchmark/);
    await expect(readBench(path.join(folder, 'no'))).rejects.toMatchObject({ code: 'FILE_IO' });
  });

  it('exports two data sets to every format', async () => {
    const files = ['a', 'b'].map((n) => path.join(folder, `${n}.musc-bench.json`));
    for (const file of files) await writeBench(file, sampleBench());
    for (const format of BENCH_FORMATS) {
      const [out] = await exportBench(files, format, path.join(folder, `out.${format}`));
      const text = await readFile(out, 'utf8');
      if (format === 'xlsx') expect(text.slice(0, 2)).toBe('PK');
      else expect(text.match(/bottle/g)?.length).toBeGreaterThanOrEqual(2);
      if (format === 'csv') expect(text.match(/data_set/g)).toHaveLength(1);
    }
    await expect(exportBench(files, 'pdf', folder)).rejects.toMatchObject({ code: 'USAGE' });
  });
});
