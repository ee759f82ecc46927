// A backbone of the registry with made-up weights, and a server on this machine that has it: nothing is published, nothing fetched.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** DINOv3 ViT-S/16 as the registry names it: its smallest network whose published checksum nobody has recorded. */
export const BACKBONE = {
  id: 'dinov3-vit-s-16',
  name: 'DINOv3 ViT-S/16',
  file: '/timm/vit_small_patch16_dinov3.lvd1689m/resolve/main/model.safetensors',
};

/** Tensors of that network as timm names them. */
function shapes() {
  const [width, depth, patch, registers, mlp] = [384, 12, 16, 4, 1536];
  const norm = (name) => ['weight', 'bias'].map((part) => [`${name}.${part}`, [width]]);
  const layer = (name, out, into) => [
    [`${name}.weight`, [out, into]],
    [`${name}.bias`, [out]],
  ];
  const block = (at) => [
    ...norm(`${at}.norm1`),
    [`${at}.attn.qkv.weight`, [3 * width, width]], // without bias
    ...layer(`${at}.attn.proj`, width, width),
    [`${at}.gamma_1`, [width]],
    ...norm(`${at}.norm2`),
    ...layer(`${at}.mlp.fc1`, mlp, width),
    ...layer(`${at}.mlp.fc2`, width, mlp),
    [`${at}.gamma_2`, [width]],
  ];
  return [
    ['cls_token', [1, 1, width]],
    ['reg_token', [1, registers, width]],
    ['patch_embed.proj.weight', [width, 3, patch, patch]],
    ['patch_embed.proj.bias', [width]],
    ...Array.from({ length: depth }, (_, i) => block(`blocks.${i}`)).flat(),
    ...norm('norm'),
  ];
}

/** Writes the checkpoint, 86 MB. */
export async function writeBackbone(file) {
  const source = fileURLToPath(new URL('../bench/random-checkpoint.ts', import.meta.url));
  const bundle = await build({ entryPoints: [source], bundle: true, platform: 'node', format: 'esm', write: false });
  const code = Buffer.from(bundle.outputFiles[0].contents).toString('base64');
  const { writeRandomTensors } = await import(`data:text/javascript;base64,${code}`);
  await writeRandomTensors(file, shapes());
}

/** Serves one file at a hub's address, with ranges as a hub has them; `requests` is everything that was asked of it. */
export async function startHub(file, at) {
  const { size } = await stat(file);
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece);
  const etag = `"${hash.digest('hex')}"`;
  const requests = [];
  const server = http.createServer((request, response) => {
    requests.push({ path: request.url, range: request.headers.range });
    if (request.url !== at) return response.writeHead(404).end();
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const headers = { etag, 'x-linked-etag': etag, 'x-linked-size': size, 'content-length': size - start };
    if (start > 0) headers['content-range'] = `bytes ${start}-${size - 1}/${size}`;
    response.writeHead(start > 0 ? 206 : 200, headers);
    createReadStream(file, { start }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref(); // a failed case must not keep the runner alive
  const close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return { address: `http://127.0.0.1:${server.address().port}`, requests, close };
}

/** Path of the server's machine settings, where a setting of machine scope belongs. */
export const machineSettings = (server) => path.join(server.home, 'data/Machine/settings.json');
