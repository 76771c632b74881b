// The mails about a license, a customer, a user or an invitation, with what became of them. Their texts are not listed.
import type { z } from "zod";
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { ofCurrentCustomer } from "../merged_customers.ts";
import { foldEmail, withoutAddresses } from "../email_address.ts";
import type { mailList } from "./inputs.ts";
import { definitionOfMail, isCustomerMail, type MailKind } from "./kinds/kinds.ts";
import type { MailRow } from "./mail.ts";

/** `retrying`: an attempt failed, and another one follows. `cancelled`: it was not to be sent any more. */
export const mailStates = ["queued", "retrying", "sent", "failed", "cancelled"] as const;
export type MailState = typeof mailStates[number];

export interface ListedMail extends Pick<MailRow, "id" | "recipient" | "subject" | "createdAt" | "attempts"> {
  /** Which mail it is, in words. */
  title: string;
  state: MailState;
  /** The last error of the mail server, without addresses; null where the mail was sent. */
  reason: string | null;
  /** When it was sent, was given up, or is tried next. */
  at: Date;
}

/** How many are listed. */
const LIMIT = 50;

/** The latest mails about something, the newest first. */
export async function listMails(ctx: Context, about: z.infer<typeof mailList>): Promise<ListedMail[]> {
  requireRole(ctx, "viewer");
  const of = "customerId" in about ? await ofCurrentCustomer(ctx, about) : about;
  const rows = await ctx.db<MailRow[]>`
    select *
    from mails
    where ${conditionOf(ctx, of)}
    order by id desc
    limit ${LIMIT}`;
  return rows.map(describe);
}

function conditionOf(ctx: Context, about: z.infer<typeof mailList>) {
  const { db } = ctx;
  if ("licenseId" in about) return db`license_ids @> array[${about.licenseId}::bigint]`;
  if ("customerId" in about) return db`customer_id = ${about.customerId}`;
  if ("userId" in about) return db`user_id = ${about.userId}`;
  // Only owners see who is invited.
  requireRole(ctx, "owner");
  return db`invitation_id = ${about.invitationId}`;
}

function describe(row: MailRow): ListedMail {
  const { id, recipient, subject, createdAt, attempts, lastError, sentAt, failedAt, nextAttemptAt } = row;
  return {
    id,
    recipient,
    subject,
    createdAt,
    attempts,
    title: definitionOfMail(row.kind)?.title ?? row.kind,
    state: stateOf(row),
    reason: lastError && withoutAddresses(lastError),
    at: sentAt ?? failedAt ?? nextAttemptAt,
  };
}

function stateOf({ sentAt, failedAt, isCancelled, lastError }: MailRow): MailState {
  if (sentAt) return "sent";
  if (isCancelled) return "cancelled";
  if (failedAt) return "failed";
  return lastError === null ? "queued" : "retrying";
}

/** From which kinds of mail an address has unsubscribed. */
export async function listUnsubscribed(
  ctx: Context,
  { email }: { email: string },
): Promise<{ kind: MailKind; title: string }[]> {
  requireRole(ctx, "viewer");
  const [row] = await ctx.db<{ unsubscribed: string[] }[]>`
    select unsubscribed
    from mail_subscriptions
    where email = ${foldEmail(email)}`;
  return (row?.unsubscribed ?? []).flatMap((kind) => {
    const definition = definitionOfMail(kind);
    return definition && isCustomerMail(kind as MailKind)
      ? [{ kind: kind as MailKind, title: definition.title }]
      : [];
  });
}
