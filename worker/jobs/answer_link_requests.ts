// Makes and mails the links that people asked for.
import { answerLinkRequests } from "../../server/domain/accounts/mail_links.ts";
import type { Context } from "../../server/domain/context.ts";

export async function answerLinkRequestsJob(ctx: Context, { publicUrl }: { publicUrl: string }) {
  return { ...await answerLinkRequests(ctx, publicUrl) };
}
