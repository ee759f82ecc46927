import './texts';
import { html, render } from 'lit';
import './elements/app';
import { loadIcons } from './elements/icon';
import { NARROW } from './elements/style';
import { Panel } from './state/panel';

/** What VS Code gives a webview. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

const page = new CSSStyleSheet();
page.replaceSync(`
  html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; background: var(--vscode-editor-background); }
  musc-app { height: 100%; }
`);
document.adoptedStyleSheets.push(page);

const api = acquireVsCodeApi();
const narrow = matchMedia(NARROW);
const panel = new Panel({
  post: (message) => api.postMessage(message),
  getState: () => api.getState(),
  setState: (state) => api.setState(state),
  isNarrow: () => narrow.matches,
});
narrow.addEventListener('change', () => panel.dropHidden());
addEventListener('pagehide', () => panel.saveView());
addEventListener('message', (event) => panel.receive(event.data));
// Without the font the icons are missing, and nothing else.
loadIcons().catch(() => undefined);
render(html`<musc-app .panel=${panel}></musc-app>`, document.body);
void panel.start();
