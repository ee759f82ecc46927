import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html, htmlDocument } from '../../../extension/core/run/export/html';

describe('html', () => {
  it('escapes whatever is put in, in text and in attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\'/ ax=`') }), (text) => {
        const got = html`<a title="${text}">${text}</a>`.text;
        const inside = got.slice('<a title="'.length, -'</a>'.length);
        expect(inside.replace('">', '')).not.toMatch(/[<>"']/);
        expect(escapeHtml(text)).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('nests markup, and only markup', () => {
    const inner = html`<b>${'<i>'}</b>`;
    expect(html`<p>${inner}${[inner]}${null}${3}</p>`.text).toBe('<p><b>&lt;i&gt;</b><b>&lt;i&gt;</b>3</p>');
  });

  it('a document names its one style sheet by hash and allows nothing else', () => {
    const text = htmlDocument('</title><script>', 'p { color: red }', html`<p>x</p>`);
    expect(text).toContain('<title>&lt;/title&gt;&lt;script&gt;</title>');
    expect(text).toMatch(
      /content="default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-[A-Za-z0-9+/=]+&#39;/,
    );
    expect(text).not.toContain('unsafe');
  });
});
