/** Lets work begin, in the order it comes, while what it holds fits a budget of bytes. What exceeds it alone begins once nothing else goes on. */
export class ByteBudget {
  private held = 0;
  private readonly waiting: { bytes: number; begin: () => void }[] = [];

  constructor(private readonly most: number) {}

  /** Does `work`, which holds so many bytes until it ends. Throws what it throws. */
  async during<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((begin) => {
      this.waiting.push({ bytes, begin });
      this.beginNext();
    });
    try {
      return await work();
    } finally {
      this.held -= bytes;
      this.beginNext();
    }
  }

  private beginNext(): void {
    for (;;) {
      const next = this.waiting.at(0);
      if (!next || (this.held > 0 && this.held + next.bytes > this.most)) return;
      this.waiting.shift();
      this.held += next.bytes;
      next.begin();
    }
  }
}
