// node build/l10n.mjs: writes l10n/bundle.l10n.json from the texts in extension and webview; --check fails when it is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const ROOMS = ['extension', 'webview'];
const bundle = path.join(root, 'l10n/bundle.l10n.json');

const isFunction = (node) => ts.isFunctionLike(node) || ts.isPropertyDeclaration(node);

/**
 * First arguments of `l10n.t(...)`, in the order of the alphabet. Throws on one that is no plain text, which could not be translated,
 * and on one outside of any function, which would be looked up before the translations are there.
 */
export function texts() {
  const found = new Set();
  const files = ROOMS.flatMap((room) =>
    readdirSync(path.join(root, room), { recursive: true }).map((name) => path.join(room, name)),
  );
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const source = ts.createSourceFile(file, readFileSync(path.join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node, inside) => {
      if (ts.isCallExpression(node) && node.expression.getText(source) === 'l10n.t') {
        const [text] = node.arguments;
        if (!ts.isStringLiteralLike(text))
          throw new Error(`${file}: l10n.t(${text.getText(source)}) takes a plain text`);
        if (!inside)
          throw new Error(`${file}: l10n.t(${text.getText(source)}) is looked up before there are translations`);
        found.add(text.text);
      }
      ts.forEachChild(node, (child) => visit(child, inside || isFunction(node)));
    };
    visit(source, false);
  }
  return [...found].sort();
}

/** The bundle's text: each key its own English value. */
export const bundleText = () => `${JSON.stringify(Object.fromEntries(texts().map((text) => [text, text])), null, 2)}\n`;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!process.argv.includes('--check')) writeFileSync(bundle, bundleText());
  else if (readFileSync(bundle, 'utf8') !== bundleText()) {
    console.error('l10n/bundle.l10n.json is out of date: node build/l10n.mjs');
    process.exit(1);
  }
}
