let last: Promise<unknown> = Promise.resolve();

/** Asks once the questions before it are answered: a list that the editor shows takes away the one that is open. */
export function inTurn<T>(ask: () => Promise<T>): Promise<T> {
  const answer = last.then(ask);
  last = answer.catch(() => undefined); // told to who asked
  return answer;
}
