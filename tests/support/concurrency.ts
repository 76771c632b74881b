// Calls that run at the same time as the one that ends what they create.
import assert from "node:assert/strict";
import { Algorithm, hash } from "@node-rs/argon2";
import { DomainError } from "../../server/domain/errors.ts";

/** How many of each run at once. */
export const MANY = 50;

/** Runs `work` a number of times at once. */
export function times<T>(count: number, work: (number: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, number) => work(number)));
}

/** The number of successful runs. Refusals are expected; any other error, such as a deadlock, fails the test. */
export async function countSuccesses(work: (() => Promise<unknown>)[]): Promise<number> {
  const results = await Promise.allSettled(work.map((each) => each()));
  for (const result of results) {
    if (result.status === "rejected") assert.ok(result.reason instanceof DomainError, result.reason);
  }
  return results.filter(({ status }) => status === "fulfilled").length;
}

/**
 * Repeats `create` from several callers until `end` has ended, so that calls are under way whenever it commits.
 *
 * @param create gets the number of the caller
 */
export async function createWhileEnding(
  { create, end, callers }: {
    create: (caller: number) => Promise<unknown>;
    end: () => Promise<unknown>;
    callers: number;
  },
): Promise<void> {
  let isEnded = false;
  const ending = end().finally(() => isEnded = true);
  const creating = times(callers, async (caller) => {
    do await countSuccesses([() => create(caller)]); while (!isEnded);
  });
  await Promise.all([ending, creating]);
}

/** The hash of a password with parameters that cost nothing, so that a test can verify it many times. */
export function cheapHash(password: string): Promise<string> {
  return hash(password, { algorithm: 2 as Algorithm.Argon2id, memoryCost: 8, timeCost: 1, parallelism: 1 });
}
