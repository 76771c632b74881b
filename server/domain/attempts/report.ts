// What the owner of an account is notified of after failed attempts to sign in: an event, and a mail that says how to get in.
import { type Context, inTransaction } from "../context.ts";
import { foldEmail } from "../email_address.ts";
import { recordEvent } from "../events/record.ts";
import { queueMail } from "../mail/mail.ts";
import type { FailedAttempts } from "./attempt_counter.ts";

/** Records failed attempts and mails the account's owner; does nothing for an account that does not exist. */
export async function reportFailedAttempts(ctx: Context, failed: FailedAttempts): Promise<void> {
  const { kind, failures, factor, address: ip } = failed;
  const after = { failures, factor, ip };
  await inTransaction(ctx, async (ctx) => {
    const table = kind === "administrator" ? ctx.db`administrators` : ctx.db`users`;
    const [account] = await ctx.db<{ id: number; email: string; name: string }[]>`
      select id, email, name
      from ${table}
      where lower(email) = ${foldEmail(failed.email)} and disabled_at is null`;
    if (!account) return;
    if (kind === "administrator") {
      await recordEvent(ctx, { type: "administrator.sign_in_failing", subjectId: account.id, after });
    } else {
      await recordEvent(ctx, { type: "user.sign_in_failing", subjectId: account.id, after });
    }
    await queueMail(ctx, { to: account.email, ...mailOf(failed, account.name) });
  });
}

function mailOf({ kind, factor, failures, address, at }: FailedAttempts, name: string) {
  const facts = factor === "code"
    ? `Your password was right, but ${failures} codes of the second factor were wrong. Someone may know your password: change it.`
    : `${failures} passwords were wrong.`;
  const wayIn = kind === "administrator"
    ? "Sign-ins from networks you have used before, and with a passkey, are not delayed by the failures of others."
    : "The link that we send to this address on request lets you in at any time, and lets you choose a new password.";
  return {
    subject: "Failed sign-ins to your account",
    text: `Hello ${name},

sign-ins to your account failed repeatedly. ${facts}
The last one was on ${at.toISOString().slice(0, 16).replace("T", " at ")} UTC from the network ${address}.

Further attempts have to wait longer and longer. ${wayIn}

If it was you, there is nothing to do.
`,
  };
}
