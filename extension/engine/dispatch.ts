import { MuscError } from '../core/errors';
import type { Log, ReportProgress } from '../core/progress';
import { safeParse } from '../core/safe-parse';
import { engineRequests, type EngineMethod, type EngineMethods } from '../protocol/engine';
import { estimateRun } from '../core/pipeline/estimate-run';
import { benchMethod } from './methods/bench';
import { categoriesMethod } from './methods/categories';
import { exportBenchMethod } from './methods/export-bench';
import { exportRunMethod } from './methods/export-run';
import { displayCopyMethod, maskMethod, thumbnailsMethod } from './methods/pictures';
import { pixelCurvesMethod } from './methods/pixel-curves';
import { neighboursMethod } from './methods/neighbours';
import { scoreMethod } from './methods/score';

/** What every method is given besides its parameters. */
export interface MethodContext {
  readonly signal: AbortSignal;
  readonly progress: ReportProgress;
  readonly log: Log;
}

export type Method<M extends EngineMethod> = (
  params: EngineMethods[M]['params'],
  context: MethodContext,
) => Promise<EngineMethods[M]['result']>;

const METHODS: { readonly [M in EngineMethod]: Method<M> } = {
  score: scoreMethod,
  bench: benchMethod,
  estimate: (request, context) => estimateRun(request, context),
  categories: categoriesMethod,
  thumbnails: thumbnailsMethod,
  displayCopy: displayCopyMethod,
  mask: maskMethod,
  neighbours: neighboursMethod,
  pixelCurves: pixelCurvesMethod,
  exportRun: exportRunMethod,
  exportBench: exportBenchMethod,
};

/** Validates and runs one call. Throws MuscError; USAGE where the parameters are not of the method's form. */
export async function dispatch<M extends EngineMethod>(
  method: M,
  params: unknown,
  context: MethodContext,
): Promise<EngineMethods[M]['result']> {
  const parsed = safeParse(engineRequests[method], params);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new MuscError('USAGE', `${method}: ${issue.path.join('.')} ${issue.message}`);
  }
  return METHODS[method](parsed.data as EngineMethods[M]['params'], context);
}
