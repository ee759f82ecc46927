import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { panelPage } from '../../../extension/host/panel-page';

const root = path.resolve(__dirname, '../../..');
const SOURCE = 'https://*.vscode-cdn.net';
const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;
const page = (changes: { title?: string } = {}): string =>
  panelPage({ script: 'https://cdn/panel.js', source: SOURCE, title: 'Run', ...changes });

/** The directives of the page's policy, by name. */
function policy(html: string): Map<string, string> {
  const content = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
  return new Map(
    content.split(';').map((d) => {
      const [name, ...values] = d.trim().split(' ');
      return [name, values.join(' ')] as const;
    }),
  );
}

function* sources(folder: string): Generator<readonly [string, string]> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sources(name);
    else if (entry.name.endsWith('.ts')) yield [name, readFileSync(path.join(root, name), 'utf8')];
  }
}

describe('the panel’s page', () => {
  it('allows nothing that is not named, nothing unsafe, no connection and no frame', () => {
    const directives = policy(page());
    expect(directives.get('default-src')).toBe("'none'");
    expect([...directives.values()].join(' ')).not.toMatch(/unsafe-|\bdata:|(^|\s)(\*|https?:)(\s|$)/);
    expect(directives.get('script-src')).toMatch(/^'nonce-[\w-]{22}'$/);
    for (const name of ['base-uri', 'form-action']) expect(directives.get(name)).toBe("'none'");
    for (const name of ['connect-src', 'frame-src', 'child-src', 'worker-src', 'object-src'])
      expect(directives.has(name)).toBe(false); // fall back to none
  });

  it('has another nonce each time', () => {
    const nonces = Array.from({ length: 50 }, () => policy(page()).get('script-src'));
    expect(new Set(nonces).size).toBe(50);
  });

  it('takes a name for a name, whatever is in it', () => {
    const html = page({ title: HOSTILE });
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/<img|onerror='/);
  });
});

describe('the panel’s sources', () => {
  it('make no markup from text and no code from strings', () => {
    for (const [name, text] of sources('webview'))
      expect(text, name).not.toMatch(
        /unsafeHTML|unsafeSVG|unsafeStatic|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|createContextualFragment/,
      );
  });

  it('open no connection', () => {
    for (const [name, text] of sources('webview'))
      expect(text, name).not.toMatch(
        /\bWebSocket\b|\bXMLHttpRequest\b|\bEventSource\b|sendBeacon|https?:\/\/(?!www\.w3\.org)/,
      );
  });
});

describe('a workspace that is not trusted', () => {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
    contributes: {
      commands: { command: string; enablement?: string }[];
      configuration: unknown;
    };
  };

  it('changes no setting that names a file, a place, an address or a device', () => {
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(supported).toBe('limited');
    for (const name of ['backbone', 'runsLocation', 'modelsFolder', 'downloadMirror', 'device'])
      expect(restrictedConfigurations).toContain(`musc.${name}`);
    const all =
      JSON.stringify(manifest.contributes.configuration).match(
        /musc\.\w*(?:folder|mirror|path|location|backbone|device|proxy)\w*/gi,
      ) ?? [];
    for (const name of all) expect(restrictedConfigurations, name).toContain(name);
  });

  it('starts no scoring and no download', () => {
    for (const { command, enablement } of manifest.contributes.commands)
      if (/score|sample|import|install|download|runBenchmark|verify/i.test(command) && !/export/i.test(command))
        expect(enablement ?? '', command).toContain('isWorkspaceTrusted');
  });
});
