import type { Random } from './random';

/** Strings that readers of paths, keys, cells and markup go wrong at. */
const STRINGS = [
  '',
  '..',
  '../../../etc/passwd',
  '/etc/passwd',
  'C:\\Windows\\win.ini',
  'C:x',
  '\\\\server\\share\\x',
  '//server/share/x',
  'nul',
  'CON.png',
  'a/../../b',
  'a//b',
  './a',
  'a\0b',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '=HYPERLINK("http://x","y")',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '\u202Egnp.exe',
  '\uD800',
  'é'.normalize('NFD'),
  'x'.repeat(5000),
];
const NUMBERS = [0, -0, -1, 1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 1e-320, NaN, Infinity];
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'length', 'version', '', 'then'];

/** Sets a key as JSON.parse does: also `__proto__` becomes a property of its own. */
const put = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
};

/** Any plain value, mostly small. */
export function anyValue(random: Random, depth = 0): unknown {
  switch (random.below(depth > 3 ? 5 : 8)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.pick(NUMBERS);
    case 3:
    case 4:
      return random.pick(STRINGS);
    case 5:
      // long ones at the top only: long lists of long lists cost time and find nothing more
      return Array.from({ length: random.below(depth === 0 && random.chance(0.02) ? 2000 : 4) }, () =>
        anyValue(random, depth + 1),
      );
    case 6: {
      const out = {};
      for (let n = random.below(4); n > 0; n--)
        put(out, random.pick([...KEYS, ...STRINGS]), anyValue(random, depth + 1));
      return out;
    }
    default: {
      let nested: unknown = 1; // deep, but no deeper than JSON.parse itself goes
      for (let n = random.below(200); n > 0; n--) nested = random.chance(0.5) ? [nested] : { a: nested };
      return nested;
    }
  }
}

/** Places of a value: containers and their keys. */
function places(value: unknown, found: [object, string][] = []): [object, string][] {
  if (typeof value === 'object' && value !== null)
    for (const key of Object.keys(value)) {
      found.push([value, key]);
      if (found.length < 2000) places((value as Record<string, unknown>)[key], found);
    }
  return found;
}

/** A copy of `seed`, a plain value, with changes somewhere inside: values, keys, lengths. */
export function mutateValue(seed: unknown, random: Random): unknown {
  if (random.chance(0.01)) return anyValue(random);
  const root = { value: structuredClone(seed) };
  do {
    const all = places(root);
    const [container, key] = random.pick(all);
    const record = container as Record<string, unknown>;
    const value = record[key];
    switch (random.below(6)) {
      case 0:
      case 1:
        put(container, key, anyValue(random));
        break;
      case 2:
        if (container !== root) delete record[key];
        break;
      case 3:
        if (typeof value === 'object' && value !== null && !Array.isArray(value))
          put(value, random.pick([...KEYS, ...STRINGS]), anyValue(random));
        else if (Array.isArray(value)) value.push(structuredClone(value.at(random.below(value.length)) ?? null));
        break;
      case 4:
        if (typeof value === 'number') put(container, key, random.pick([value + 1, -value, value * 1e9, value + 0.5]));
        else if (typeof value === 'string') put(container, key, value + random.pick(STRINGS));
        break;
      default: {
        const [other, otherKey] = random.pick(all);
        put(container, key, structuredClone((other as Record<string, unknown>)[otherKey]));
      }
    }
  } while (random.chance(0.5));
  return root.value;
}
