import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TextUndo } from '../../../webview/controllers/text-undo';
import { holdsText, type Control } from '../../../webview/model/control-keys';

describe('text', () => {
  it.each<[Control, boolean]>([
    [{ localName: 'input' }, true],
    [{ localName: 'input', type: 'search' }, true],
    [{ localName: 'input', type: 'number' }, true],
    [{ localName: 'textarea' }, true],
    [{ localName: 'div', isContentEditable: true }, true],
    [{ localName: 'input', type: 'range' }, false],
    [{ localName: 'input', type: 'checkbox' }, false],
    [{ localName: 'select' }, false],
    [{ localName: 'button' }, false],
    [{}, false],
  ])('is held by %j: %j', (control, held) => expect(holdsText(control)).toBe(held));
});

describe('undo and redo', () => {
  const execCommand = vi.fn();
  let listen: (event: unknown) => void = () => undefined;
  beforeEach(() => {
    vi.stubGlobal('addEventListener', (_: string, listener: typeof listen) => (listen = listener));
    vi.stubGlobal('document', { execCommand });
    const host = { addController: () => undefined, removeController: () => undefined, requestUpdate: () => undefined };
    new TextUndo({ ...host, updateComplete: Promise.resolve(true) }).hostConnected();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.clearAllMocks();
  });

  /** Presses a key and returns whether it was kept from the editor, and what was done to the text. */
  function press(more: object, target: Control = { localName: 'input', type: 'search' }) {
    const [preventDefault, stopPropagation] = [vi.fn(), vi.fn()];
    const getModifierState = () => false;
    listen({ composedPath: () => [target], getModifierState, preventDefault, stopPropagation, ...more });
    const kept = stopPropagation.mock.calls.length > 0;
    expect(preventDefault.mock.calls.length > 0).toBe(kept);
    return { kept, done: execCommand.mock.calls.flat() };
  }

  it.each([
    ['Ctrl+Z', { key: 'z', ctrlKey: true }, 'undo'],
    ['Cmd+Z', { key: 'z', metaKey: true }, 'undo'],
    ['Ctrl+Z on a Russian keyboard', { key: 'я', code: 'KeyZ', ctrlKey: true }, 'undo'],
    ['Ctrl+Z with Caps Lock', { key: 'Z', ctrlKey: true }, 'undo'],
    ['Shift+Ctrl+Z', { key: 'Z', ctrlKey: true, shiftKey: true }, 'redo'],
    ['Shift+Cmd+Z', { key: 'z', metaKey: true, shiftKey: true }, 'redo'],
    ['Ctrl+Y', { key: 'y', ctrlKey: true }, 'redo'],
  ])('are the text’s while typing: %s', (_, event, step) => expect(press(event)).toEqual({ kept: true, done: [step] }));

  it('are the editor’s elsewhere, as are other keys', () => {
    const undo = { key: 'z', ctrlKey: true };
    const theirs = { kept: false, done: [] };
    expect(press(undo, { localName: 'button' })).toEqual(theirs);
    expect(press(undo, { localName: 'select' })).toEqual(theirs);
    expect(press(undo, { localName: 'input', type: 'range' })).toEqual(theirs);
    expect(press({ key: 'z' })).toEqual(theirs);
    expect(press({ key: 's', ctrlKey: true })).toEqual(theirs);
    expect(press({ key: 'z', ctrlKey: true, altKey: true })).toEqual(theirs);
  });
});
