// Password hashes that cost less than a millisecond, for accounts of tests: the parameters are part of a hash.
import { type Algorithm, hash } from "@node-rs/argon2";

const hashes = new Map<string, Promise<string>>();

/** A hash that the server verifies as any other. */
export function cheapHash(password: string): Promise<string> {
  const options = { algorithm: 2 as Algorithm.Argon2id, memoryCost: 8, timeCost: 1, parallelism: 1 };
  const known = hashes.get(password) ?? hash(password, options);
  hashes.set(password, known);
  return known;
}
