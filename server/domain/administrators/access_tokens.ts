// API tokens of administrators, for scripts.
import { requireRecentAuthentication } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { requireAdministrator } from "./administrators.ts";
import { createSession } from "./sessions.ts";

/**
 * Creates a named API token with the permissions of the actor.
 *
 * @returns the token, which cannot be read again
 */
export async function createAccessToken(
  ctx: Context,
  input: { name: string; days: number },
): Promise<{ token: string; id: number; expiresAt: Date }> {
  const me = requireAdministrator(ctx);
  requireRecentAuthentication(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const { token, session } = await createSession(ctx, me.id, { ...input, kind: "token", ip: null });
    await recordEvent(ctx, {
      type: "administrator.token_created",
      subjectId: me.id,
      after: { name: input.name, expiresAt: session.expiresAt },
    });
    return { token, id: session.id, expiresAt: session.expiresAt };
  });
}
