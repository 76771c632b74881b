// A database and a system context, for tests of domain verbs that need no server.
import type { Context } from "../../server/domain/context.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { eventually } from "./test.ts";
import { testSecrets } from "./secrets.ts";
import { cloneStores, type TestStores } from "./database.ts";

export interface TestSystem extends TestStores {
  /** Creates a system context at the current or the given time. */
  ctx(now?: Date): Promise<Context>;
  /**
   * Resolves once readers can see every recorded event. Readers wait for running transactions, also for those of
   * other tests on the same PostgreSQL, such as an import of 100,000 rows.
   */
  settled(): Promise<void>;
}

/** @param given by default a clone of the migrated database */
export async function createTestSystem(given: TestStores | null = null): Promise<TestSystem> {
  const stores = given ?? await cloneStores();
  const cipher = createCipher(testSecrets.ENCRYPTION_KEY);
  return {
    ...stores,
    ctx: (now = new Date()) => systemContext(stores.db, "tests", now, cipher),
    async settled() {
      await eventually(async () => {
        const [{ seen }] = await stores.db<{ seen: boolean }[]>`
          select coalesce(max(transaction_id::text::bigint), 0)
            < pg_snapshot_xmin(pg_current_snapshot())::text::bigint as seen
          from events`;
        return seen;
      }, 120_000);
    },
  };
}
