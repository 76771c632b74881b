// API tokens of administrators, for scripts.
import { requireRecentAuthentication } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { requireAdministrator } from "./administrators.ts";
import { lockActor } from "./lock_administrator.ts";
import { createSession } from "./sessions.ts";

/**
 * Creates a named API token with the permissions of the actor. It has the factors of the actor's session: one made with
 * a password alone permits nothing while a second factor is required.
 *
 * @returns the token, which cannot be read again
 * @throws DomainError `REAUTHENTICATION_REQUIRED`
 */
export async function createAccessToken(
  ctx: Context,
  input: { name: string; days: number },
): Promise<{ token: string; id: number; expiresAt: Date }> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const factors = me.session ?? { firstFactor: "password", secondFactor: null };
    const { token, session } = await createSession(ctx, await lockActor(ctx), {
      ...input,
      kind: "token",
      ip: null,
      factors,
    });
    await recordEvent(ctx, {
      type: "administrator.token_created",
      subjectId: me.id,
      after: { name: input.name, expiresAt: session.expiresAt },
    });
    return { token, id: session.id, expiresAt: session.expiresAt };
  });
}
