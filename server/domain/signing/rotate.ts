// Rotation of the signing key.
import { type Context, inTransaction } from "../context.ts";
import { requireRecentOwner } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import { getSigningKey, insertSigningKey, type SigningKeyRow } from "./signing_key.ts";

/**
 * Replaces the signing key. Every process signs with the new key within a second. The old one is retired: its private
 * key is deleted, and its public key stays published until everything it signed has expired.
 *
 * @throws DomainError `FORBIDDEN`, `REAUTHENTICATION_REQUIRED`
 */
export async function rotateSigningKey(ctx: Context): Promise<SigningKeyRow> {
  requireRecentOwner(ctx);
  return await inTransaction(ctx, async (ctx) => {
    // Rotations at the same time take turns: the update would not see the key that another one has just inserted.
    await ctx.db`lock table signing_keys in share row exclusive mode`;
    await getSigningKey(ctx);
    const [retired] = await ctx.db<SigningKeyRow[]>`
      update signing_keys
      set retired_at = ${ctx.now}, private_key = null
      where retired_at is null
      returning *`;
    const current = await insertSigningKey(ctx);
    if (!current) throw new Error("Another key became the signing key during the rotation.");
    await recordEvent(ctx, {
      type: "signing_key.rotated",
      subjectId: current.id,
      before: { kid: retired.kid },
      after: { kid: current.kid },
    });
    return current;
  });
}
