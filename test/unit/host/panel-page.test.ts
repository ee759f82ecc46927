import { describe, expect, it } from 'vitest';
import { panelPage } from '../../../extension/host/panel-page';

const page = (title = 'run') => panelPage({ script: 'https://host/panel.js?a=1&b=2', source: 'https://*.host', title });

describe('the page of the panel', () => {
  it('allows one script by nonce, and nothing inline', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page())?.[1] ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[\w-]{22}';/);
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('connect-src');
  });

  it('has a new nonce each time', () => {
    const nonce = () => /nonce="([\w-]+)"/.exec(page())?.[1];
    expect(nonce()).not.toBe(nonce());
  });

  it('says that its texts are English, which is what a screen reader must speak', () => {
    expect(page()).toContain('<html lang="en">');
  });

  it('lets no name of a run become markup', () => {
    expect(page('<script>alert(1)</script>"')).not.toContain('<script>alert');
    expect(page()).toContain('src="https://host/panel.js?a=1&#38;b=2"');
  });
});
