import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const root = path.resolve(__dirname, '../../..');
const NATIVE = ['onnxruntime-node', 'sharp'];
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
    external: ['vscode', ...NATIVE],
    logLevel: 'silent',
  });
  const ours = Object.keys(metafile.inputs).filter((file) => file.startsWith('extension/'));
  const connected = Object.entries(metafile.inputs).filter(([, { imports }]) =>
    imports.some((i) => NETWORK.test(i.path)),
  );
  const native = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path: name }) => (NATIVE.includes(name) ? [name] : [])),
  );
  return { ours, native, connected: connected.map(([file]) => file) };
}

describe('the network', () => {
  it('is out of reach of the engine and its threads: nothing in their bundles knows of it', async () => {
    for (const entry of ['engine/engine.ts', 'core/scoring/worker.ts', 'core/image/prepare-worker.ts']) {
      const { ours, connected } = await bundled(`extension/${entry}`);
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

describe('native modules', () => {
  it('are out of reach of the extension host: a crash in them ends the engine, never the editor', async () => {
    const { native } = await bundled('extension/main.ts');
    expect(native).toEqual([]);
    expect((await bundled('extension/engine/engine.ts')).native.sort()).not.toEqual([]);
  });
});
