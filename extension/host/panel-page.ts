import { randomBytes } from 'node:crypto';

/** Translated texts by the English ones. */
export interface PageTexts {
  readonly language: string;
  readonly bundle: Readonly<Record<string, unknown>>;
}

/** What the panel's page loads; addresses are webview URIs. */
export interface PanelAssets {
  readonly script: string;
  /** `webview.cspSource`. */
  readonly source: string;
  readonly title: string;
  /** Translated texts and their language, which a screen reader must speak; without them all is in English. */
  readonly texts?: PageTexts | undefined;
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The panel's page: one script by nonce, which brings its styles; pictures and the icon font from the allowed roots; nothing else. */
export function panelPage(assets: PanelAssets): string {
  const nonce = randomBytes(16).toString('base64url');
  const { source, texts } = assets;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `img-src ${source} blob:`,
    `font-src ${source}`,
    "base-uri 'none'",
    "form-action 'none'", // these two do not fall back to default-src
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escape(texts?.language ?? 'en')}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
${texts ? `<meta name="musc-texts" content="${escape(JSON.stringify(texts.bundle))}">\n` : ''}<title>${escape(assets.title)}</title>
</head>
<body>
<script type="module" nonce="${nonce}" src="${escape(assets.script)}"></script>
</body>
</html>`;
}
