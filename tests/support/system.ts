// A database and the system's context, for tests of verbs that need no server.
import type { Context } from "../../server/domain/context.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";
import { eventually } from "./test.ts";
import { cloneStores, type TestStores } from "./database.ts";

export interface TestSystem extends TestStores {
  /** The system's context, at the present or another time. */
  ctx(now?: Date): Promise<Context>;
  /**
   * Settles once readers can see every event there is: they wait for transactions under way, also for those of other
   * tests on the same server.
   */
  settled(): Promise<void>;
}

export async function makeSystem(): Promise<TestSystem> {
  const stores = await cloneStores();
  const cipher = createCipher("encryption key of the tests");
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
      });
    },
  };
}
