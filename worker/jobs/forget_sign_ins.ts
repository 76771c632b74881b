// Forgets links and sessions that are long over.
import { deleteOldLinks } from "../../server/domain/accounts/email_links.ts";
import { deleteExpiredSessions } from "../../server/domain/accounts/end_sessions.ts";
import type { Context } from "../../server/domain/context.ts";

export async function forgetSignInsJob(ctx: Context) {
  return { links: await deleteOldLinks(ctx), sessions: await deleteExpiredSessions(ctx) };
}
