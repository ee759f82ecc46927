import { expect, it } from 'vitest';
import { planSubsets } from '../../../extension/core/pipeline/choose-subsets';

/** All pairs of so many pictures take so many seconds. */
const forecast = (hours: number) => (subsets: number) => ({
  seconds: (hours * 3600) / subsets,
  memoryBytes: 0,
  diskBytes: 0,
});

it('a run and its estimate divide large folders alike: as asked, or so that scoring stays bearable', () => {
  expect(planSubsets({ subsets: 'auto' }, 149, null).count).toBe(1);
  expect(planSubsets({ subsets: 'auto' }, 1000, forecast(0.1)).count).toBe(1);
  expect(planSubsets({ subsets: 'auto' }, 1000, forecast(2)).count).toBe(6); // 20 minutes
  expect(planSubsets({ subsets: 'auto' }, 1000, forecast(100)).count).toBe(10); // none under 100 pictures
  expect(planSubsets({ subsets: 3 }, 1000, forecast(2))).toMatchObject({ count: 3, proposal: { count: 6 } });
  expect(planSubsets({ subsets: 30 }, 10, null).count).toBe(5); // two pictures each
});
