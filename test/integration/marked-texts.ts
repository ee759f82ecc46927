import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** What a translated text is put between, to be told from one that can't be translated. */
const MARKS = ['⟦', '⟧'] as const;

/** A translation of every text of the product: itself, in marks. */
export function markedTexts(): Record<string, string> {
  const texts = Object.keys(JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8')) as object);
  return Object.fromEntries(texts.map((text) => [text, `${MARKS[0]}${text}${MARKS[1]}`]));
}

/** What of a text lies outside of all marks. */
function outside(text: string): string {
  let depth = 0;
  let left = '';
  for (const character of text) {
    if (character === MARKS[0]) depth++;
    else if (character === MARKS[1]) depth--;
    else if (depth === 0) left += character;
  }
  return left;
}

/** Every text of a page that can be seen or is spoken. */
const textsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const SPOKEN = ['aria-label', 'aria-valuetext', 'title', 'placeholder', 'alt'];
    const found: string[] = [];
    const look = (node: Node) => {
      if (node.nodeType === Node.TEXT_NODE) found.push(node.nodeValue ?? '');
      if (node instanceof Element) {
        if (['SCRIPT', 'STYLE'].includes(node.tagName)) return;
        for (const name of SPOKEN) found.push(node.getAttribute(name) ?? '');
        if (node.shadowRoot) look(node.shadowRoot);
      }
      node.childNodes.forEach(look);
    };
    look(document.body);
    return found.map((text) => text.replace(/\s+/g, ' ').trim()).filter((text) => text !== '');
  });

/** What is the same in every language: names of metrics, colours, data sets and formats, numbers with their units, dates, files, keys. */
const NAMES = [
  /^(AUROC|AP|AUPRO|F1-max|F1|ROC|PR|PRO|MuSc|RsCIN|FPR|TPR|Turbo|Viridis|Jet|px|ms|min)$/i,
  /^(CPU|CSV|Markdown|LaTeX|Excel|HTML|MVTec|AD|VisA|BTAD|CC|BY|BY-SA)$/,
  /^\d/,
  /^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$/,
  /[/\\]|\w\.\w/,
];

/** Words on a page of marked texts that no translation would reach, each in its text. `data`: what comes from elsewhere. */
export async function untranslated(page: Page, data: readonly string[]): Promise<string[]> {
  const left = new Set<string>();
  for (const text of await textsOf(page)) {
    const rest = data.reduce((so, each) => so.replaceAll(each, ' '), outside(text));
    for (const word of rest.split(/[^\p{L}\p{N}'/\\._-]+/u))
      if (/\p{L}{2}/u.test(word) && !NAMES.some((name) => name.test(word))) left.add(`${word} in "${text}"`);
  }
  return [...left];
}
