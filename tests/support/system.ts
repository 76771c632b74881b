// A database of its own and the system's context, for tests of verbs that need no server.
import type { Context } from "../../server/domain/context.ts";
import { systemContext } from "../../server/domain/system.ts";
import { createSeal } from "../../server/seal.ts";
import { cloneStores, type TestStores } from "./database.ts";

export interface TestSystem extends TestStores {
  /** A context of the system, now or at another instant. */
  ctx(now?: Date): Promise<Context>;
}

export async function makeSystem(): Promise<TestSystem> {
  const stores = await cloneStores();
  const seal = createSeal("encryption key of the tests");
  return { ...stores, ctx: (now = new Date()) => systemContext(stores.db, "tests", now, seal) };
}
