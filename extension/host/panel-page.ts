import { randomBytes } from 'node:crypto';

/** What the panel's page loads; addresses are webview URIs. */
export interface PanelAssets {
  readonly script: string;
  readonly styles: readonly string[];
  /** The codicon stylesheet, which the panel's elements look up by its id. */
  readonly codicons: string | null;
  /** `webview.cspSource`. */
  readonly source: string;
  readonly title: string;
  readonly language: string;
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The panel's page: one script by nonce, styles from files only, pictures from the allowed roots, and nothing else. */
export function panelPage(assets: PanelAssets): string {
  const nonce = randomBytes(16).toString('base64url');
  const { source } = assets;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `img-src ${source} blob:`,
    `font-src ${source}`,
  ].join('; ');
  const styles = assets.styles.map((href) => `<link rel="stylesheet" href="${escape(href)}">`).join('\n');
  const codicons =
    assets.codicons === null
      ? ''
      : `<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${escape(assets.codicons)}">`;
  return `<!DOCTYPE html>
<html lang="${escape(assets.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>${escape(assets.title)}</title>
${codicons}
${styles}
</head>
<body>
<musc-panel></musc-panel>
<script type="module" nonce="${nonce}" src="${escape(assets.script)}"></script>
</body>
</html>`;
}
