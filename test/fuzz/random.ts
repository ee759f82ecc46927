/** Random numbers from a seed: the same seed gives the same inputs on every machine. */
export class Random {
  #state: number;

  /** `run` numbers the inputs of one seed, so that each can be made again alone. */
  constructor(seed: number, run = 0) {
    this.#state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(run + 1, 0xc2b2ae35)) | 0;
    for (let i = 0; i < 3; i++) this.bits();
  }

  /** 32 random bits, 0 to 2^32 - 1 (mulberry32). */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 to `below` - 1; 0 where `below` is 0. */
  below(below: number): number {
    return below > 0 ? this.bits() % below : 0;
  }

  chance(probability: number): boolean {
    return this.bits() < probability * 2 ** 32;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.bits() & 255);
  }
}
