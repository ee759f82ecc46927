import type { PanelCall } from '../../../extension/protocol/panel';
import { Panel } from '../../../webview/state/panel';

/** A panel that remembers nothing, and what it has posted to the editor, which does not answer. */
export function postingPanel({ narrow = false } = {}): { panel: Panel; posted: PanelCall[] } {
  const posted: PanelCall[] = [];
  const panel = new Panel({
    post: (call) => posted.push(call as PanelCall),
    getState: () => null,
    setState: () => {},
    isNarrow: () => narrow,
  });
  return { panel, posted };
}
