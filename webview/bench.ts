import './texts';
import { html, render } from 'lit';
import type { BenchHostMessage } from '../extension/protocol/bench-panel';
import './elements/bench-app';
import { loadIcons } from './elements/icon';
import { BenchPage } from './state/bench-page';

/** What VS Code gives a webview. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const style = new CSSStyleSheet();
style.replaceSync(`
  html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; background: var(--vscode-editor-background);
    font-family: var(--vscode-font-family); font-size: var(--vscode-font-size, 13px); }
`);
document.adoptedStyleSheets.push(style);

const api = acquireVsCodeApi();
const page = new BenchPage({
  post: (message) => api.postMessage(message),
  getState: () => api.getState(),
  setState: (state) => api.setState(state),
});
addEventListener('message', (event: MessageEvent<BenchHostMessage>) => page.receive(event.data));
// Without the font the icons are missing, and nothing else.
loadIcons().catch(() => undefined);
render(html`<musc-bench-app .page=${page}></musc-bench-app>`, document.body);
page.start();
