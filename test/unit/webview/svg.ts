import type { TemplateResult } from 'lit';

/** A Lit SVG template as text, without a browser: for snapshots. */
export function svgOf(part: unknown): string {
  if (Array.isArray(part)) return part.map(svgOf).join('');
  if (typeof part === 'object' && part !== null && 'strings' in part) {
    const { strings, values } = part as TemplateResult;
    return strings
      .map((text, i) => {
        if (i >= values.length) return text;
        const value = svgOf(values[i]);
        return text.endsWith('=') ? `${text}"${value}"` : text + value;
      })
      .join('')
      .replace(/\s*\n\s*/g, '\n');
  }
  return String(part);
}
