import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { holdsText, type Control } from '../model/control-keys';
import { keyName } from '../model/key-name';

/**
 * Gives undo and redo to the text field that has the focus. The editor listens on the page's window and would take back a label
 * instead; where it does not hear of the key, a Mac's menu does unless it is taken. So it is taken here, ahead of both.
 */
export class TextUndo implements ReactiveController {
  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('keydown', this.onKey, { capture: true });
  }

  hostDisconnected(): void {
    removeEventListener('keydown', this.onKey, { capture: true });
  }

  private readonly onKey = (event: KeyboardEvent) => {
    const step = stepOf(event);
    if (!step || !holdsText((event.composedPath()[0] ?? {}) as Control)) return;
    event.preventDefault();
    event.stopPropagation();
    // Deprecated without a successor; the editor itself undoes text in pages by it.
    document.execCommand(step);
  };
}

/** What a press asks for: Ctrl or Cmd with Z, with Shift and Z, or with Y. */
function stepOf(event: KeyboardEvent): 'undo' | 'redo' | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  switch (keyName(event)) {
    case 'z':
      return 'undo';
    case 'Z':
    case 'y':
      return 'redo';
    default:
      return null;
  }
}
