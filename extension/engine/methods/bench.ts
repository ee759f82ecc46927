import path from 'node:path';
import { benchRoot } from '../../core/pipeline/bench-root';
import type { Method } from '../dispatch';

export const benchMethod: Method<'bench'> = async (request, context) => {
  const { file, bench } = await benchRoot(request, context);
  return {
    file,
    categories: bench.categories.length,
    failed: bench.categories.filter((c) => c.figures === null).length,
    runs: bench.categories.flatMap(({ run }) => (run === null ? [] : [path.resolve(path.dirname(file), run)])),
  };
};
