// The credentials that a bench calls with.
import type { Database } from "../../db/connect.ts";
import { createSession } from "../../server/domain/administrators/sessions.ts";
import { lockAdministrator } from "../../server/domain/administrators/lock_administrator.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { type Context, inTransaction } from "../../server/domain/context.ts";
import { systemContext } from "../../server/domain/system_context.ts";
import { createCipher } from "../../server/request/cipher.ts";

export function benchContext(db: Database, encryptionKey: string): Promise<Context> {
  return systemContext(db, "bench", new Date(), createCipher(encryptionKey));
}

/** Creates an API key for all products. */
export async function createBenchKey(ctx: Context): Promise<string> {
  return (await createApiKey(ctx, { name: "bench", productId: null })).key;
}

/** Signs an owner in. @returns the token */
export async function signOwnerIn(ctx: Context): Promise<string> {
  const [{ id }] = await ctx.db<{ id: number }[]>`
    insert into administrators (email, name, role, created_at, updated_at)
    values (${`bench${Date.now()}@example.com`}, 'Bench', 'owner', now(), now())
    returning id`;
  return await inTransaction(ctx, async (ctx) => {
    const { token } = await createSession(ctx, await lockAdministrator(ctx, id), { name: "bench", ip: null });
    return token;
  });
}
