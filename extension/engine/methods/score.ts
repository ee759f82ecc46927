import { scoreFolder } from '../../core/pipeline/score-folder';
import type { Method } from '../dispatch';

export const scoreMethod: Method<'score'> = (request, context) => scoreFolder(request, context);
