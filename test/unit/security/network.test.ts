import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = path.resolve(__dirname, '../../..');
const NETWORK = /^(node:)?(net|tls|http|https|http2|dgram|dns|dns\/promises)$/;

/** The files of ours in a bundle, and those among them that reach for the network. */
async function bundled(entry: string) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    outdir: 'unused',
    metafile: true,
    platform: 'node',
    format: 'esm',
    external: ['vscode', 'onnxruntime-node', 'sharp'],
    logLevel: 'silent',
  });
  const ours = Object.keys(metafile.inputs).filter((file) => file.startsWith('extension/'));
  const connected = Object.entries(metafile.inputs).filter(([, { imports }]) =>
    imports.some((i) => NETWORK.test(i.path)),
  );
  return { ours, connected: connected.map(([file]) => file) };
}

describe('the network', () => {
  it('is out of reach of the engine and its worker: nothing in their bundles knows of it', async () => {
    for (const entry of ['extension/engine/engine.ts', 'extension/core/scoring/worker.ts']) {
      const { ours, connected } = await bundled(entry);
      expect(connected).toEqual([]);
      expect(ours.filter((file) => file.includes('/download/'))).toEqual([]);
    }
  });

  it('is used by the download room alone', async () => {
    for (const entry of ['extension/engine/cli.ts', 'extension/main.ts']) {
      const { connected } = await bundled(entry);
      for (const file of connected) expect(file).toMatch(/^extension\/core\/backbone\/download\//);
    }
  });
});
