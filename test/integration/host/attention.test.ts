import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Attention } from '../../../extension/host/attention';
import * as fake from './fake-vscode';

vi.mock('vscode', () => import('./fake-vscode'));

const TYPED = 1;
const lookAt = (input: unknown) => (fake.window.tabGroups.activeTabGroup.activeTab = { input });
let attention: Attention;
beforeEach(() => {
  lookAt(undefined);
  attention = new Attention();
});
afterEach(() => attention.dispose());

describe('what the user is at work in', () => {
  it.each([
    ['the cursor was moved', () => fake.hands.moveCursor.fire({ kind: TYPED }), true],
    ['another text was opened', () => fake.hands.goToText.fire({}), true],
    ['a notebook was opened', () => fake.hands.goToNotebook.fire({}), true],
    ['a program wrote into it', () => fake.hands.moveCursor.fire({ kind: undefined }), false],
    ['a text was closed', () => fake.hands.goToText.fire(undefined), false],
    ['nothing happened since', () => undefined, false],
  ])('is a text, where %s: %s', (_, happens, held) => {
    lookAt(new fake.TabInputText());
    happens();
    expect(attention.isHeld).toBe(held);
  });

  it('is no text any more once they went to something else', () => {
    fake.hands.moveCursor.fire({ kind: TYPED });
    expect(attention.isHeld).toBe(false);
    lookAt(new fake.TabInputNotebook());
    expect(attention.isHeld).toBe(true);
  });

  it('is a run in any case, and no other panel', () => {
    lookAt(new fake.TabInputCustom(undefined, 'musc.run'));
    expect(attention.isHeld).toBe(true);
    lookAt(new fake.TabInputCustom(undefined, 'imagePreview.previewEditor'));
    expect(attention.isHeld).toBe(false);
  });

  it('is followed until it is disposed of', () => {
    attention.dispose();
    expect(Object.values(fake.hands).map(({ listeners }) => listeners.size)).toEqual([0, 0, 0]);
  });
});
