import { spawn } from 'node:child_process';
import * as l10n from '@vscode/l10n';
import { cancelled } from '../../errors';
import { probeGraph } from './probe-graph';
import { deviceLabel, ortFolder, sessionOptions, type Device } from './provider';
import { wrongNumbers } from './self-test';

/** How a device did on the small product with the known result. */
export interface SmallTest {
  readonly milliseconds: number;
  /** Why it is not to be trusted, in one sentence, or null. */
  readonly wrong: string | null;
}

/** A driver that has not answered by then hangs, milliseconds. */
const PATIENCE = 15_000;
/** How often the child looks whether whoever asked is still there, milliseconds. */
const WATCH = 500;

/**
 * Ends the child when its time is over or its parent is gone, which may be killed before it can end anyone. In a thread of its own: a
 * driver that hangs holds the main one, with its timers and its standard input.
 */
const WATCHDOG = `
const parent = ${process.pid};
const end = () => process.kill(process.pid, 'SIGKILL');
setTimeout(end, ${PATIENCE});
setInterval(() => {
  try {
    process.kill(parent, 0); // signal 0 only asks
  } catch {
    end();
  }
}, ${WATCH});`;

/** What the child runs: reads its task from standard input, runs the product twice, times the second run. */
const SCRIPT = `
const { Worker } = require('node:worker_threads');
new Worker(${JSON.stringify(WATCHDOG)}, { eval: true }).unref();
const chunks = [];
process.stdin.on('data', (c) => chunks.push(c)).on('end', async () => {
  const done = (answer) => process.stdout.write(JSON.stringify(answer), () => process.exit(0));
  try {
    const { ort, model, options, input, output, dims, feed } = JSON.parse(Buffer.concat(chunks));
    const { InferenceSession, Tensor } = require(ort);
    const session = await InferenceSession.create(new Uint8Array(Buffer.from(model, 'base64')), options);
    const bytes = Uint8Array.from(Buffer.from(feed, 'base64'));
    const feeds = { [input]: new Tensor('float32', new Float32Array(bytes.buffer), dims) };
    await session.run(feeds);
    const began = performance.now();
    const result = (await session.run(feeds))[output];
    const milliseconds = performance.now() - began;
    done({ milliseconds, dims: result.dims, data: Buffer.from(Uint8Array.from(new Uint8Array(result.data.buffer, result.data.byteOffset, result.data.byteLength))).toString('base64') });
  } catch (error) {
    done({ error: String(error && error.message || error) });
  }
});`;

const base64 = (data: Uint8Array | Float32Array): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');

/**
 * Runs the small product on a device in a process of its own: a driver that crashes, hangs or prints does it there.
 * Throws with the reason where the device does not start, and CANCELLED.
 */
export async function isolatedTest(device: Device, threads: number, signal?: AbortSignal): Promise<SmallTest> {
  const { model, input, output, dims, feed, expected } = probeGraph();
  const task = {
    ort: ortFolder(),
    model: base64(model),
    options: sessionOptions(device, threads, null),
    input,
    output,
    dims,
    feed: base64(feed),
  };
  const answer = await ask(JSON.stringify(task), signal);
  if (answer.error !== undefined) throw new Error(answer.error);
  const { milliseconds = Infinity, dims: shape = [], data = '' } = answer;
  const values = new Float32Array(Uint8Array.from(Buffer.from(data, 'base64')).buffer);
  const truth = { [output]: { dims: [dims[0], expected.length / dims[0]], data: expected } };
  return {
    milliseconds,
    wrong: wrongNumbers(deviceLabel(device, threads), { [output]: { dims: shape, data: values } }, truth),
  };
}

interface Answer {
  readonly error?: string;
  readonly milliseconds?: number;
  readonly dims?: number[];
  readonly data?: string;
}

function ask(task: string, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', SCRIPT], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
      windowsHide: true,
      timeout: PATIENCE,
      killSignal: 'SIGKILL',
      signal,
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on('error', () => undefined); // it died before it read: `close` says so
    child.on('error', (error) => reject(signal?.aborted ? cancelled() : error));
    child.on('close', (code, signal) => {
      try {
        resolve(JSON.parse(Buffer.concat(chunks).toString()) as Answer);
      } catch {
        reject(
          new Error(
            signal === 'SIGKILL'
              ? l10n.t('its driver does not answer')
              : l10n.t('its driver crashes ({0})', String(signal ?? code)),
          ),
        );
      }
    });
    child.stdin.end(task);
  });
}
