import * as l10n from '@vscode/l10n';
import { MuscError } from '../../errors';

/** Edit distance, for "did you mean". */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

const SHOWN = 8; // names in the message: more would hide the sentence
const LONGEST = 64; // characters compared
const COMPARED = 4000; // names: distances to more would take seconds

/** Closeness of a name to what was asked for: part of it first, then by edit distance. */
function unlikeness(wanted: string, name: string): number {
  const [a, b] = [wanted.toLowerCase().slice(0, LONGEST), name.toLowerCase().slice(0, LONGEST)];
  return b.includes(a) || a.includes(b) ? Math.abs(a.length - b.length) / 1000 : distance(a, b);
}

/** What of a network a name was asked for as. */
type Kind = 'tensor' | 'block' | 'embedding';

function noSuch(kind: Kind, wanted: string): string {
  switch (kind) {
    case 'tensor':
      return l10n.t('the network has no tensor called {0}', wanted);
    case 'block':
      return l10n.t('the network has no block called {0}', wanted);
    case 'embedding':
      return l10n.t('the network has no embedding called {0}', wanted);
  }
}

/** TAP_UNKNOWN that names what there is, closest first. */
export function unknownTap(wanted: string, existing: readonly string[], kind: Kind = 'tensor'): MuscError {
  const nearest = [...new Set(existing)]
    .filter(Boolean)
    .slice(0, COMPARED)
    .map((name, order) => ({ name, order, score: unlikeness(wanted, name) }))
    .sort((x, y) => x.score - y.score || x.order - y.order)
    .slice(0, SHOWN)
    .map((x) => x.name);
  const names = nearest.join(', ');
  const more = existing.length - nearest.length;
  return new MuscError('TAP_UNKNOWN', noSuch(kind, wanted), {
    hint: more > 0 ? l10n.t('choose from: {0} (and {1} more)', names, more) : l10n.t('choose from: {0}', names),
  });
}
