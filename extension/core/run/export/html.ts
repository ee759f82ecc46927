import { createHash } from 'node:crypto';

/** Text that is safe between tags and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** Markup that is known to be safe: only `html` and `raw` make it. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | null | undefined | Markup | readonly Markup[];

const render = (part: Part): string => {
  if (part === null || part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map((p) => p.text).join('');
  return escapeHtml(String(part));
};

/** Template tag: everything put in is escaped unless it is markup itself, so a name can't become a tag. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Markup =>
  new Markup(strings.reduce((text, s, i) => text + s + (i < parts.length ? render(parts[i]) : ''), ''));

/**
 * A whole document in one file that can load nothing and run nothing: no scripts, no network, pictures only as `data:`, and only this
 * style sheet (named in the policy by its hash).
 */
export function htmlDocument(title: string, css: string, body: Markup): string {
  const hash = createHash('sha256').update(css).digest('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const head = html`<meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>`;
  return `<!doctype html>\n<html lang="en"><head>${head.text}\n<style>${css}</style></head>\n<body>${body.text}</body></html>\n`;
}
