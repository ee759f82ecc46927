import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { takesKey, type Control } from '../model/control-keys';
import { clamp } from '../model/geometry';
import { keyName } from '../model/key-name';
import { ARRANGEMENTS } from '../state/view';
import type { Panel } from '../state/panel';

const OPACITY_STEP = 0.1;
/** Keys, by name, that work once however long they are held: one press, one decision. */
const ONCE = new Set([...'1230nhctTvmwb']);

/** Keys that work anywhere in the panel, except while typing. Undo, redo and save are the editor's own. */
export class Keyboard implements ReactiveController {
  constructor(
    host: ReactiveControllerHost,
    private readonly panel: () => Panel,
    /** The shown pane's own keys, asked after these. */
    private readonly pane: (event: KeyboardEvent) => boolean,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('keydown', this.onKey);
  }

  hostDisconnected(): void {
    removeEventListener('keydown', this.onKey);
  }

  private readonly onKey = (event: KeyboardEvent) => {
    const panel = this.panel();
    if (panel.state.phase.kind !== 'open' || event.defaultPrevented) return;
    if (takesKey((event.composedPath()[0] ?? {}) as Control, event.key)) return;
    if ((event.ctrlKey || event.metaKey || event.altKey) && !isTyped(event)) return;
    if (event.repeat && ONCE.has(keyName(event))) return event.preventDefault();
    if (this.handled(event, panel) || this.pane(event)) event.preventDefault();
  };

  private handled(event: KeyboardEvent, panel: Panel): boolean {
    const { heat, pane } = panel.state.view;
    const key = keyName(event);
    switch (key) {
      case '1':
        panel.label('good');
        return true;
      case '2':
        panel.label('defect');
        return true;
      case '3':
        panel.label('unsure');
        return true;
      case '0':
        panel.label(null);
        return true;
      case 'n':
        panel.reviewNext();
        return true;
      case 'ArrowRight':
      case 'ArrowLeft':
        if (event.shiftKey) return false;
        panel.step(key === 'ArrowRight' ? 1 : -1);
        return true;
      case 'h':
        panel.setHeat({ on: !heat.on });
        return true;
      case 'c':
        panel.setHeat({ contour: !heat.contour });
        return true;
      case 't':
        panel.setHeat({ outline: !heat.outline });
        return true;
      case 'T':
        panel.setHeat({ fill: !heat.fill });
        return true;
      case '[':
      case ']': {
        const step = key === ']' ? OPACITY_STEP : -OPACITY_STEP;
        panel.setHeat({ opacity: clamp(Math.round((heat.opacity + step) * 10) / 10, 0, 1) });
        return true;
      }
      case 'v':
        panel.setHeat({
          arrangement: ARRANGEMENTS[(ARRANGEMENTS.indexOf(heat.arrangement) + 1) % ARRANGEMENTS.length],
        });
        return true;
      case 'm':
        panel.setView({ pane: pane === 'metrics' ? 'image' : 'metrics', front: 'pane' });
        return true;
      default:
        return false;
    }
  }
}

/** Whether Alt was held to type a character: many layouts have brackets only with AltGr (Option on a Mac). */
function isTyped(event: KeyboardEvent): boolean {
  if (event.key !== '[' && event.key !== ']') return false;
  return event.getModifierState('AltGraph') || (event.altKey && !event.ctrlKey && !event.metaKey);
}
