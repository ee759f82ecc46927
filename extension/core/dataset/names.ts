import * as l10n from '@vscode/l10n';

/** A file's name without its last extension. */
export const stem = (name: string): string => name.replace(/\.[^./]*$/, '');

/** Code-unit order, the method's order of types and names (SPEC 9): the same on every machine and in every language. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The entry called `name`; where there is none, the one that differs in case only: Windows and macOS don't tell them apart. */
export const findName = (names: readonly string[], name: string): string | undefined =>
  names.find((n) => n === name) ?? names.find((n) => n.toLowerCase() === name.toLowerCase());

/** "1 picture", "3 pictures". */
export const pictureCount = (n: number): string => (n === 1 ? l10n.t('1 picture') : l10n.t('{0} pictures', n));

/** Names shown of a long list. */
const SHOWN = 5;
/** Characters shown of a name. */
const LONGEST = 120;

/** "a, b, c and 4 more", for notes. Names are cut where absurdly long. */
export function some(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((n) => (n.length > LONGEST ? `${n.slice(0, LONGEST)}...` : n));
  const list = shown.join(', ');
  return names.length > SHOWN ? l10n.t('{0} and {1} more', list, names.length - SHOWN) : list;
}
