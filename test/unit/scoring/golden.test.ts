import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { suite as lnamd } from '../../golden/lnamd';
import { suite as msm } from '../../golden/msm';
import { suite as pipeline } from '../../golden/pipeline';
import { suite as rscin } from '../../golden/rscin';
import { GoldenCase, manifest } from '../../golden/suite';

const FIXTURES = path.resolve('test/fixtures/golden');

describe.each([lnamd, msm, pipeline, rscin])('golden $folder', (suite) => {
  const directory = path.join(FIXTURES, suite.folder);
  const { cases } = manifest.parse(JSON.parse(readFileSync(path.join(directory, 'cases.json'), 'utf8')));
  it.each(cases)('$name', async ({ name, params, tensors, files, expected }) => {
    const testCase = new GoldenCase(directory, name, params, tensors, files, expected, cases);
    const results = await suite.check(testCase);
    expect(results.filter((r) => !r.ok)).toEqual([]);
    expect(results.map((r) => r.key)).toEqual(expect.arrayContaining(testCase.expectedKeys()));
  });
});
