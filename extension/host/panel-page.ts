import { randomBytes } from 'node:crypto';

/** What the panel's page loads; addresses are webview URIs. */
export interface PanelAssets {
  readonly script: string;
  /** `webview.cspSource`. */
  readonly source: string;
  readonly title: string;
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The panel's page: one script by nonce, which brings its styles; pictures and the icon font from the allowed roots; nothing else. */
export function panelPage(assets: PanelAssets): string {
  const nonce = randomBytes(16).toString('base64url');
  const { source } = assets;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `img-src ${source} blob:`,
    `font-src ${source}`,
    "base-uri 'none'",
    "form-action 'none'", // these two do not fall back to default-src
  ].join('; ');
  // the panel's texts are English whatever the editor's language: a screen reader must read them with that voice
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>${escape(assets.title)}</title>
</head>
<body>
<script type="module" nonce="${nonce}" src="${escape(assets.script)}"></script>
</body>
</html>`;
}
