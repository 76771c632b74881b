// Random numbers that a seed repeats (sfc32, Chris Doty-Humphrey's PractRand).

export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number from 0 up to `most`, exclusive. */
  below(most: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** The numbers of a seed; any text is one. */
export function createRandom(seed: string): Random {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
  for (let i = 0; i < seed.length; i++) a = Math.imul(a ^ seed.charCodeAt(i), 0x01000193);
  const next = () => {
    const t = (a + b | 0) + d | 0;
    d = d + 1 | 0;
    a = b ^ b >>> 9;
    b = c + (c << 3) | 0;
    c = (c << 21 | c >>> 11) + t | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  const below = (most: number) => Math.floor(next() * most);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)],
  };
}
