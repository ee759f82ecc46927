/** State that is replaced, never changed; listeners hear of every replacement. */
export class Store<S extends object> {
  private readonly listeners = new Set<() => void>();

  constructor(private current: S) {}

  get state(): Readonly<S> {
    return this.current;
  }

  /** Replaces the named parts. Nobody is told when they are what they were. */
  update(patch: Partial<S>): void {
    const keys = Object.keys(patch) as (keyof S)[];
    if (keys.every((k) => Object.is(this.current[k], patch[k]))) return;
    this.current = { ...this.current, ...patch };
    for (const listener of [...this.listeners]) listener();
  }

  /** Calls `listener` after every change until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** Whether two lists hold the same things in the same order. */
export const sameItems = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, i) => Object.is(item, b[i]));

/** A function that remembers its last result and gives it again while its arguments are the same. */
export function memo<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { args: A; result: R } | null = null;
  return (...args) => {
    if (last && sameItems(args, last.args)) return last.result;
    last = { args, result: compute(...args) };
    return last.result;
  };
}
