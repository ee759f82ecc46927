/**
 * Work that its callers share: begun by the first, answered to all from then on. A failure is not kept, so the next call
 * tries again; and the work must not follow any one caller's signal, for the others still wait for it.
 */
export function sharedWork<T>(begin: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  return () => {
    if (kept) return kept;
    const work = begin();
    kept = work;
    work.catch(() => (kept = null));
    return work;
  };
}
