/** What a press says of its key. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'getModifierState'>;

/** Letters of scripts that have none of the panel's; a ligature is more than one character (Arabic lam-alef). */
const OTHER_SCRIPT = /^(?:\p{Letter}|\p{Mark})+$/u;
const LATIN = /\p{Script=Latin}/u;

/**
 * The name of a pressed key for shortcuts, the same on every keyboard: by what is printed on it where that is a character the
 * panel uses, else by its place. So N works on a Russian keyboard and 1 on a French one, whose digits need Shift. Letters are
 * capitals with Shift alone: Caps Lock changes what is typed, not what is meant.
 */
export function keyName(press: KeyPress): string {
  const { key, shiftKey } = press;
  // AltGr types a character of its own.
  if (press.getModifierState('AltGraph')) return key;
  const name = digitOf(press) ?? letterOf(press) ?? key;
  if (!/^[a-z]$/i.test(name)) return name;
  return shiftKey ? name.toUpperCase() : name.toLowerCase();
}

/** The digit of a label's key where the layout has something else on it without Shift; brackets stay, they are keys themselves. */
function digitOf({ key, code, shiftKey }: KeyPress): string | undefined {
  const place = /^Digit([0-3])$/.exec(code)?.[1];
  return shiftKey || /^[0-9[\]]$/.test(key) ? undefined : place;
}

/** The Latin letter at a key's place where the layout has a letter of another script there. */
function letterOf({ key, code }: KeyPress): string | undefined {
  return OTHER_SCRIPT.test(key) && !LATIN.test(key) ? /^Key([A-Z])$/.exec(code)?.[1] : undefined;
}
