import { runNeighbours } from '../../core/pipeline/run-neighbours';
import type { Method } from '../dispatch';

export const neighboursMethod: Method<'neighbours'> = (params, { signal }) => runNeighbours(params, signal);
