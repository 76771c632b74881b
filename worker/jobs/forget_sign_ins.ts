// Forgets links and sessions that are long over.
import { forgetLinks } from "../../server/domain/accounts/mail_links.ts";
import { forgetSessions } from "../../server/domain/accounts/sessions.ts";
import type { Context } from "../../server/domain/context.ts";

export async function forgetSignInsJob(ctx: Context) {
  return { links: await forgetLinks(ctx), sessions: await forgetSessions(ctx) };
}
