import { exportBench } from '../../core/benchmark/export-bench';
import type { Method } from '../dispatch';

export const exportBenchMethod: Method<'exportBench'> = async ({ files, format, out }) => ({
  files: await exportBench(files, format, out),
});
