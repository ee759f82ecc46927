import { build } from 'esbuild';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import sharp from 'sharp';
import { markedTexts } from '../../marked-texts';
import { defectOf, chance } from './scenario';
import { BODY_CLASS, themeProperties, type ThemeName } from './themes';

const root = process.cwd();
const NONCE = 'r4nd0m';
/** As strict as the editor's host sets it: no inline style, no eval, nothing from elsewhere. */
const CSP = `default-src 'none'; img-src 'self' blob:; font-src 'self'; script-src 'nonce-${NONCE}'; connect-src 'none'`;

/** The built panel and the fake host, by file name. */
async function bundles(): Promise<Map<string, Uint8Array>> {
  const result = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    outdir: 'out',
    legalComments: 'none',
    loader: { '.ttf': 'file' },
    entryPoints: { panel: 'webview/panel.ts', 'fake-host': 'test/integration/webview/harness/fake-host.ts' },
  });
  return new Map(result.outputFiles.map((file) => [basename(file.path), file.contents]));
}

function page(theme: ThemeName, texts: Readonly<Record<string, string>> | null): string {
  const properties = JSON.stringify(themeProperties(theme));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Run</title>
<meta name="viewport" content="width=device-width">${texts ? `<meta name="musc-texts" content="${JSON.stringify(texts).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">` : ''}</head><body class="${BODY_CLASS[theme]}">
<script nonce="${NONCE}">for (const [k, v] of Object.entries(${properties})) document.documentElement.style.setProperty(k, v);</script>
<script type="module" nonce="${NONCE}" src="/fake-host.js"></script>
<script type="module" nonce="${NONCE}" src="/panel.js"></script></body></html>`;
}

/** A nut on a cloth, with its defect; only some dozens differ, so that thousands can be served. */
async function picture(total: number, size: number, image: number): Promise<Buffer> {
  const hue = 25 + 10 * chance(image);
  const [cx, cy] = [250 + 24 * chance(image + 1), 250 + 24 * chance(image + 2)];
  const defect = defectOf(image, total);
  const spot = defect
    ? `<ellipse cx="${defect.u * 512}" cy="${defect.v * 512}" rx="${defect.size * 512}" ry="${defect.size * 400}" fill="hsl(${hue} 60% 14%)" transform="rotate(${chance(image) * 90} ${defect.u * 512} ${defect.v * 512})"/>`
    : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">
    <defs><radialGradient id="g" cx="40%" cy="35%"><stop offset="0" stop-color="hsl(${hue} 45% 72%)"/><stop offset="1" stop-color="hsl(${hue} 50% 36%)"/></radialGradient>
    <filter id="n"><feTurbulence baseFrequency="0.6" numOctaves="2" seed="${image % 97}"/><feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0.25 0"/></filter></defs>
    <rect width="512" height="512" fill="hsl(210 10% 24%)"/><ellipse cx="${cx + 14}" cy="${cy + 26}" rx="158" ry="170" fill="hsl(210 12% 12%)"/>
    <ellipse cx="${cx}" cy="${cy}" rx="155" ry="170" fill="url(#g)"/>${spot}<rect width="512" height="512" filter="url(#n)"/></svg>`;
  return sharp(Buffer.from(svg)).resize(size, size).jpeg({ quality: 82 }).toBuffer();
}

const DISTINCT = 96;
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', ttf: 'font/ttf', css: 'text/css' };

export interface Harness {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the panel with the fake host on this machine only. */
export async function startHarness(): Promise<Harness> {
  const files = await bundles();
  const pictures = new Map<string, Promise<Buffer>>();
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const send = (type: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    const asked = /^\/picture\/(\d+)\/(\d+)\/(\d+)\.jpg$/.exec(url.pathname);
    if (asked) {
      const [total, size, image] = asked.slice(1).map(Number);
      const which = total <= 200 ? image : image % DISTINCT;
      const key = `${total}/${size}/${which}`;
      const made = pictures.get(key) ?? picture(total, size, which);
      pictures.set(key, made);
      made.then(
        (body) => send('image/jpeg', body, { 'cache-control': 'max-age=3600' }),
        () => response.writeHead(500).end(),
      );
      return;
    }
    const file = files.get(url.pathname.slice(1));
    if (file) send(TYPES[url.pathname.split('.').pop() ?? ''] ?? 'application/octet-stream', file);
    else if (url.pathname === '/')
      send(
        'text/html',
        page(
          (url.searchParams.get('theme') ?? 'dark') as ThemeName,
          url.searchParams.has('marked') ? markedTexts() : null,
        ),
        { 'content-security-policy': CSP },
      );
    else if (url.pathname === '/window')
      send('text/html', ''); // empty, for panels in frames
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
