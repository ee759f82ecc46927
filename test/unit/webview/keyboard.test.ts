import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Keyboard } from '../../../webview/controllers/keyboard';
import { takesKey, type Control } from '../../../webview/model/control-keys';
import { DEFAULT_VIEW } from '../../../webview/state/view';
import type { Panel } from '../../../webview/state/panel';

describe('keys of the control that has the focus', () => {
  it.each<[Control, string, boolean]>([
    [{ localName: 'input', type: 'range' }, 'ArrowLeft', true],
    [{ localName: 'input', type: 'range' }, 'PageUp', true],
    [{ localName: 'input', type: 'range' }, 'h', false],
    [{ localName: 'input', type: 'radio' }, 'ArrowRight', true],
    [{ localName: 'input', type: 'checkbox' }, 'ArrowRight', false],
    [{ localName: 'input', type: 'number' }, '1', true],
    [{ localName: 'input', type: 'search' }, 'h', true],
    [{ localName: 'input' }, 'h', true],
    [{ localName: 'select' }, 'v', true],
    [{ localName: 'textarea' }, '2', true],
    [{ localName: 'div', isContentEditable: true }, '2', true],
    [{ localName: 'button' }, 'ArrowLeft', false],
    [{}, 'ArrowLeft', false],
  ])('%j %s: %j', (control, key, taken) => expect(takesKey(control, key)).toBe(taken));
});

describe("the panel's keys", () => {
  const panel = { label: vi.fn(), step: vi.fn(), setHeat: vi.fn(), reviewNext: vi.fn() };
  let listen: (event: unknown) => void = () => undefined;
  beforeEach(() => {
    vi.stubGlobal('addEventListener', (_: string, listener: typeof listen) => (listen = listener));
    const state = { phase: { kind: 'open' }, view: DEFAULT_VIEW };
    const host = { addController: () => undefined, removeController: () => undefined, requestUpdate: () => undefined };
    const whole = { ...panel, state } as unknown as Panel;
    new Keyboard(
      { ...host, updateComplete: Promise.resolve(true) },
      () => whole,
      () => false,
    ).hostConnected();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.clearAllMocks();
  });

  /** Presses a key and returns whether it was taken. */
  function press(key: string, more: Record<string, unknown> = {}, target: Control = {}): boolean {
    const preventDefault = vi.fn();
    const altGr = more.altGr === true;
    listen({ key, code: '', composedPath: () => [target], getModifierState: () => altGr, preventDefault, ...more });
    return preventDefault.mock.calls.length > 0;
  }

  it('label once for one press, and step on while held', () => {
    expect([press('1'), press('1', { repeat: true }), press('1', { repeat: true })]).toEqual([true, true, true]);
    expect(panel.label.mock.calls).toEqual([['good']]);
    for (const repeat of [false, true]) press('ArrowRight', { repeat });
    expect(panel.step).toHaveBeenCalledTimes(2);
  });

  it('are the same on a French and a Russian keyboard, once for one press', () => {
    for (const repeat of [false, true]) press('é', { code: 'Digit2', repeat });
    for (const repeat of [false, true]) press('т', { code: 'KeyN', repeat });
    expect(panel.label.mock.calls).toEqual([['defect']]);
    expect(panel.reviewNext).toHaveBeenCalledTimes(1);
  });

  it('mean the same with Caps Lock: T outlines, with Shift it fills', () => {
    press('T');
    press('t', { shiftKey: true });
    expect(panel.setHeat.mock.calls.map(([change]) => Object.keys(change as object))).toEqual([['outline'], ['fill']]);
  });

  it('leave arrows to a slider', () => {
    expect(press('ArrowRight', {}, { localName: 'input', type: 'range' })).toBe(false);
    expect(panel.step).not.toHaveBeenCalled();
  });

  it.each([
    ['plain', {}, true],
    ['AltGr on Windows', { ctrlKey: true, altKey: true, altGr: true }, true],
    ['AltGr on Linux', { altGr: true }, true],
    ['Option on a Mac', { altKey: true }, true],
    ["Ctrl, the editor's", { ctrlKey: true }, false],
    ["Ctrl and Alt, the editor's", { ctrlKey: true, altKey: true }, false],
  ])('take brackets as typed: %s', (_, modifiers, taken) => {
    expect(press(']', modifiers)).toBe(taken);
    expect(panel.setHeat.mock.calls).toEqual(taken ? [[{ opacity: 0.9 }]] : []);
  });

  it('take no letter with Alt', () => {
    expect([press('h', { altKey: true }), press('1', { ctrlKey: true, altKey: true, altGr: true })]).toEqual([
      false,
      false,
    ]);
  });
});
