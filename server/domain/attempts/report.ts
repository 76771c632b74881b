// What the owner of an account is notified of after failed attempts to sign in: an event, and a mail that says how to get in.
import { type Context, inTransaction } from "../context.ts";
import { foldEmail } from "../email_address.ts";
import { recordEvent } from "../events/record.ts";
import { writeInstant } from "../mail/local_time.ts";
import { greetingName, queueMail } from "../mail/queue.ts";
import { findTimeZone } from "../mail/reader_time_zone.ts";
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
    const timeZone = kind === "administrator" ? await findTimeZone(ctx, account.id) : null;
    await queueMail(ctx, {
      kind: "failedSignIns",
      to: account.email,
      values: {
        name: greetingName(account.name),
        failures: factor === "code"
          ? `The password was right, but the two-factor code was wrong ${failures} times. Someone may know your password: change it.`
          : `The password was wrong ${failures} times.`,
        at: writeInstant(failed.at, timeZone),
        network: ip,
        advice: kind === "administrator"
          ? "Sign-ins from networks you have used before, and with a passkey, are not delayed by the failures of others."
          : "You can sign in with an emailed link at any time, and choose a new password.",
      },
      about: kind === "administrator" ? {} : { userId: account.id },
    });
  });
}
