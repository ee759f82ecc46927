/** A focused element, as far as it matters for keys. */
export interface Control {
  readonly localName?: string;
  /** Of an input. */
  readonly type?: string;
  readonly isContentEditable?: boolean;
}

const CARET = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);
const NO_KEYS: ReadonlySet<string> = new Set();
/** Inputs without text, and the keys that are theirs. */
const INPUT_KEYS: Readonly<Record<string, ReadonlySet<string> | undefined>> = {
  range: CARET,
  radio: CARET,
  checkbox: NO_KEYS,
  button: NO_KEYS,
  submit: NO_KEYS,
  reset: NO_KEYS,
};

/** Whether a control holds text that is typed, which has an undo of its own. */
export function holdsText({ localName, type, isContentEditable }: Control): boolean {
  if (localName === 'input') return INPUT_KEYS[type ?? 'text'] === undefined;
  return localName === 'textarea' || isContentEditable === true;
}

/** Whether a key is for the control that has the focus: typed into it, or moving its value. Letters type in a select too. */
export function takesKey({ localName, type, isContentEditable }: Control, key: string): boolean {
  if (isContentEditable || localName === 'textarea' || localName === 'select') return true;
  if (localName !== 'input') return false;
  return INPUT_KEYS[type ?? 'text']?.has(key) ?? true;
}
