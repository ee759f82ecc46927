import { exportRun } from '../../core/run/export-run';
import type { Method } from '../dispatch';

export const exportRunMethod: Method<'exportRun'> = async ({ run, format, out, options }, { signal, progress }) => ({
  files: await exportRun(run, format, out, options ?? {}, { signal, progress }),
});
