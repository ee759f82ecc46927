import { runPixelCurves } from '../../core/pipeline/run-pixel-curves';
import type { Method } from '../dispatch';

export const pixelCurvesMethod: Method<'pixelCurves'> = ({ run }, { signal }) => runPixelCurves(run, signal);
