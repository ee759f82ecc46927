import { existsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { buildBackbone } from '../../extension/core/backbone/checkpoint/build-backbone';
import type { BuiltBackbone, Flavour } from '../../extension/core/backbone/checkpoint/build-request';
import { sessionOptions, withoutFallback, type Device } from '../../extension/core/backbone/device/provider';
import { relativeError } from '../../extension/core/backbone/device/self-test';
import { probePixels, startSession, type StartedSession } from '../../extension/core/backbone/device/start-session';
import { builtGraph } from '../../extension/core/backbone/prepare-checkpoint';
import type { PreparedGraph } from '../../extension/core/backbone/prepared-graph';
import { infer } from '../../extension/core/backbone/session-backbone';
import { notRun, type AddRow } from './gpu-row';
import type { GpuSize } from './gpu-size';
import { writeRandomCheckpoint } from './random-checkpoint';

const BATCHES = [1, 4, 16];
const ROUNDS = 3;

/**
 * The network with random weights, in both forms that a graphics card is offered: milliseconds a picture, taps against the CPU's. Gives the
 * best time. MUSC_GPU_FOLDER: where its graphs are kept for the next time; making them takes most of a minute.
 */
export async function benchGpuBackbone({ vit }: GpuSize, add: AddRow): Promise<number> {
  const kept = process.env.MUSC_GPU_FOLDER;
  const folder = kept ?? (await mkdtemp(path.join(tmpdir(), 'musc-bench-')));
  try {
    const began = performance.now();
    const build = await randomNetwork(vit, folder);
    const own = await start('cpu', await build('cpu'));
    const truth = own.probe.outputs;
    await own.session.release();
    add({
      name: `${vit.name}: CPU`,
      value: own.probe.milliseconds,
      unit: 'ms',
      note: `one picture, ${availableParallelism()} threads; made ready in ${((performance.now() - began) / 1000).toFixed(1)} s`,
    });
    let best = Infinity;
    for (const flavour of ['gpu16', 'plain'] as const) {
      const name = `${vit.name} in ${flavour === 'gpu16' ? 'float16' : 'float32'}`;
      try {
        const built = await build(flavour);
        const started = await start('webgpu', built);
        const { outputs } = started.probe;
        const errors = Object.keys(truth).map((tap) => relativeError(outputs[tap], truth[tap]));
        add({
          name: `${name}: worst tap`,
          value: Math.max(...errors),
          unit: 'relative',
          note: await placement(built.file),
        });
        for (const batch of BATCHES) {
          const time = await pictureTime(started, batch);
          add({ name: `${name}, ${batch} a call: a picture`, value: time, unit: 'ms' });
          best = Math.min(best, time);
        }
        await started.session.release();
      } catch (error) {
        notRun(add, name, error);
      }
    }
    return best;
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** Writes a checkpoint, unless it is there, and gives the function that builds its graphs, or finds them built. */
export async function randomNetwork(
  vit: GpuSize['vit'],
  folder: string,
): Promise<(flavour: Flavour) => Promise<BuiltBackbone>> {
  const checkpoint = path.join(folder, 'random.safetensors');
  if (!existsSync(checkpoint)) await writeRandomCheckpoint(checkpoint, vit);
  return (flavour) =>
    buildBackbone({
      checkpoint,
      sha256: '0'.repeat(64), // not worth the time here
      input: { height: vit.side, width: vit.side },
      taps: 'auto',
      embedding: true,
      protocol: 'exact',
      flavour,
      outFolder: path.join(folder, 'built'),
    });
}

const start = (device: Device, built: BuiltBackbone): Promise<StartedSession> =>
  startSession(device, prepared(built), availableParallelism());

const prepared = (built: BuiltBackbone): PreparedGraph =>
  builtGraph(built, {
    id: 'random',
    name: 'random weights',
    licence: '',
    note: '',
    preprocess: built.preprocess,
    imageSize: built.input.height,
    degrees: [1, 3, 5],
    rscin: 'off',
    normaliseEmbedding: built.normaliseEmbedding,
    folderStatistics: 'none',
  });

/** Median milliseconds for each of `batch` pictures in one call. */
async function pictureTime({ session, graph }: StartedSession, batch: number): Promise<number> {
  const pixels = probePixels(batch * 3 * graph.size.height * graph.size.width);
  const times: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const began = performance.now();
    await infer(session, graph, pixels, batch);
    if (round >= 0) times.push((performance.now() - began) / batch);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1];
}

/** Whether the device takes every node of a network. */
async function placement(file: string): Promise<string> {
  const options = withoutFallback(sessionOptions('webgpu', 1, null));
  try {
    await (await InferenceSession.create(file, options)).release();
    return 'all nodes on the device';
  } catch (error) {
    return `some nodes stay on the CPU: ${(error as Error).message}`;
  }
}
