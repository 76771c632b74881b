// Makes and mails the links that people asked for.
import { sendRequestedLinks } from "../../server/domain/accounts/email_links.ts";
import type { Context } from "../../server/domain/context.ts";

export async function answerLinkRequestsJob(ctx: Context, { publicUrl }: { publicUrl: string }) {
  return { ...await sendRequestedLinks(ctx, publicUrl) };
}
