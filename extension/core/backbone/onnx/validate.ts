import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { MuscError } from '../../errors';
import type { OnnxGraph, OnnxModel, OnnxTensor } from './model';

/** Operators of ONNX and those built into ONNX Runtime. Every other domain would need a library of foreign code. */
const DOMAINS = new Set(['', 'ai.onnx.ml', 'com.microsoft', 'com.microsoft.nchwc', 'com.ms.internal.nhwc']);

const refused = (what: string, where?: string, hint = l10n.t('use a file from a source you trust')): MuscError =>
  new MuscError('BACKBONE_INVALID', what, { where, hint });

/** Every graph of a model: the main one and those inside attributes. */
export function* allGraphs(graph: OnnxGraph): Generator<OnnxGraph> {
  yield graph;
  for (const node of graph.nodes)
    for (const attribute of node.attributes) if (attribute.g) yield* allGraphs(attribute.g);
}

/** Every tensor of a model: initializers and constants in attributes. */
export function* allTensors(graph: OnnxGraph): Generator<OnnxTensor> {
  for (const one of allGraphs(graph)) {
    yield* one.initializers.values();
    for (const node of one.nodes) for (const attribute of node.attributes) if (attribute.t) yield attribute.t;
  }
}

/** Refuses operators of foreign domains, unless the model itself defines them as functions. Throws BACKBONE_INVALID. */
export function refuseForeignOperators(model: OnnxModel, where?: string): void {
  for (const graph of allGraphs(model.graph))
    for (const node of graph.nodes)
      if (!DOMAINS.has(node.domain) && !model.functionDomains.has(node.domain))
        throw refused(
          l10n.t('operator {0}.{1} needs a library of foreign code', node.domain, node.opType),
          where,
          l10n.t('export the network with standard operators only'),
        );
  for (const domain of model.opsets.keys())
    if (
      !DOMAINS.has(domain) &&
      !model.functionDomains.has(domain) &&
      !/^(ai\.onnx|com\.microsoft|com\.ms)\./.test(domain)
    )
      throw refused(
        l10n.t('the file wants operators of {0}', JSON.stringify(domain.slice(0, 80))),
        where,
        l10n.t('export the network with standard operators only'),
      );
}

/**
 * The files beside the model that hold its weights, as absolute paths. Refuses any that is not a plain file within the
 * model's own folder, by name or by link, and any range beyond its end. Throws BACKBONE_INVALID.
 */
export async function externalFiles(model: OnnxModel, file: string): Promise<string[]> {
  const folder = await realpath(path.dirname(file));
  const sizes = new Map<string, number>();
  for (const tensor of allTensors(model.graph)) {
    if (!tensor.external) continue;
    const location = tensor.external.get('location') ?? '';
    const parts = location.split(/[\\/]/);
    if (
      location === '' ||
      path.isAbsolute(location) ||
      /^[a-z]:/i.test(location) ||
      parts.some((p) => p === '..' || p === '') ||
      /[\0*:]/.test(location)
    )
      throw refused(l10n.t('its weights point outside its folder: {0}', JSON.stringify(location.slice(0, 200))), file);
    const target = path.join(folder, ...parts);
    let size = sizes.get(target);
    if (size === undefined) {
      const real = await realpath(target).catch(() => null);
      if (real === null)
        throw new MuscError('BACKBONE_MISSING', l10n.t('its weights file {0} is not beside it', location), {
          where: file,
          hint: l10n.t('put it there'),
        });
      if (path.relative(folder, real).split(path.sep)[0] === '..' || path.isAbsolute(path.relative(folder, real)))
        throw refused(l10n.t('its weights file {0} is a link out of its folder', location), file);
      const found = await stat(real);
      if (!found.isFile()) throw refused(l10n.t('its weights {0} are not a file', location), file);
      size = found.size;
      sizes.set(target, size);
    }
    const offset = Number(tensor.external.get('offset') ?? 0);
    const length = Number(tensor.external.get('length') ?? 0);
    if (!(
      Number.isSafeInteger(offset) &&
      Number.isSafeInteger(length) &&
      offset >= 0 &&
      length >= 0 &&
      offset + length <= size
    ))
      throw refused(
        l10n.t('tensor {0} lies beyond the end of {1}', tensor.name, location),
        file,
        l10n.t('copy both files again'),
      );
  }
  return [...sizes.keys()];
}
