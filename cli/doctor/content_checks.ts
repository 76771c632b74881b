// Checks of what the database holds: stored secrets, signing keys, owners and their factors, the worker, webhooks and mail.
import type { Database } from "../../db/connect.ts";
import type { Config } from "../../server/config.ts";
import type { Context } from "../../server/domain/context.ts";
import { foldEmail } from "../../server/domain/email_address.ts";
import { getFailedMails } from "../../server/domain/mail/failed_mails.ts";
import { findLastHealthCheck, isWorkerDown } from "../../server/domain/monitoring/health_check.ts";
import { canDecrypt, storedSecrets } from "../../server/request/stored_secrets.ts";
import { attempt, failure, type Finding, ok, warning } from "./check.ts";
import { checkWebhooks } from "./webhook_checks.ts";

/** How many stored secrets of a column are opened. */
const SAMPLE = 20;

export async function checkContent(db: Database, ctx: Context, config: Config): Promise<Finding[]> {
  const checks = [
    checkSecrets(db, ctx),
    checkSigningKeys(db),
    checkOwners(db, ctx),
    ...(config.OIDC_BREAK_GLASS ? [checkBreakGlass(db, config.OIDC_BREAK_GLASS)] : []),
    checkWorker(ctx),
    checkWebhooks(db, config),
    checkFailedMails(ctx),
  ];
  return (await Promise.all(checks)).flat();
}

function checkSecrets(db: Database, ctx: Context): Promise<Finding[]> {
  const next = "Set the ENCRYPTION_KEY that they were stored with; another one cannot open them.";
  return attempt("encryption key", next, async () => {
    const closed = new Set<string>();
    let opened = 0;
    for (const secret of storedSecrets) {
      const rows = await db<{ stored: Uint8Array }[]>`
        select ${db(secret.column)} as stored
        from ${db(secret.table)}
        where ${db(secret.column)} is not null
        limit ${SAMPLE}`;
      for (const { stored } of rows) {
        if (canDecrypt(ctx.cipher, secret, stored)) opened++;
        else closed.add(secret.name);
      }
    }
    return closed.size > 0
      ? failure("encryption key", `Cannot be read: ${[...closed].join(", ")}.`, next)
      : ok("encryption key", opened > 0 ? "Opens the stored secrets." : "No secret is stored yet.");
  });
}

function checkSigningKeys(db: Database): Promise<Finding[]> {
  return attempt("signing keys", "Run: deno task latchkey signing-key rotate", async () => {
    const [{ count }] = await db<{ count: number }[]>`
      select count(*) as count
      from signing_keys
      where product_id is null and retired_at is null and not is_announced`;
    return ok("signing keys", count > 0 ? "One signs." : "None yet; the first use creates one.");
  });
}

function checkOwners(db: Database, ctx: Context): Promise<Finding[]> {
  const next =
    "Create one: deno task latchkey admin create, or in the browser with deno task latchkey admin setup-link";
  return attempt("owners", next, async () => {
    const owners = await db<{ hasFactor: boolean }[]>`
      select a.totp_since is not null
        or exists (select from administrator_passkeys p where p.administrator_id = a.id)
        or a.password_hash is null as has_factor
      from administrators a
      where a.role = 'owner' and a.disabled_at is null`;
    if (owners.length === 0) return failure("owners", "No owner can sign in.", next);
    const without = owners.filter(({ hasFactor }) => !hasFactor).length;
    const required = ctx.settings.requireSecondFactor;
    return [
      owners.length === 1
        ? warning("owners", "There is one owner.", "Invite a second one, for when the first is away.")
        : ok("owners", `${owners.length} owners can sign in.`),
      without === 0
        ? ok("second factor", "Every owner has one, or signs in by the identity provider.")
        : warning(
          "second factor",
          `${without} of ${owners.length} owners have none.`,
          required ? "They are asked for one at their next sign-in." : "Require one in the settings.",
        ),
    ];
  });
}

function checkBreakGlass(db: Database, email: string): Promise<Finding[]> {
  const check = "break-glass owner";
  const next = "Create the owner with deno task latchkey admin create, or correct OIDC_BREAK_GLASS.";
  return attempt(check, next, async () => {
    const [found] = await db<{ isReady: boolean; hasFactor: boolean }[]>`
      select a.role = 'owner' and a.disabled_at is null and a.password_hash is not null as is_ready,
        a.totp_since is not null
          or exists (select from administrator_passkeys p where p.administrator_id = a.id) as has_factor
      from administrators a
      where lower(a.email) = ${foldEmail(email)}`;
    if (!found?.isReady) return failure(check, `${email} is no enabled owner with a password.`, next);
    return found.hasFactor
      ? ok(check, `${email} is an owner with a second factor.`)
      : warning(check, `${email} has no second factor.`, "Add an authenticator app to the account.");
  });
}

function checkWorker(ctx: Context): Promise<Finding[]> {
  const next = "Start one: deno task worker. Without it no mail, webhook or import is processed.";
  return attempt("worker", next, async () => {
    const last = await findLastHealthCheck(ctx);
    if (!isWorkerDown(ctx, last)) return ok("worker", `Was last seen at ${last!.toISOString()}.`);
    return failure("worker", last ? `Was last seen at ${last.toISOString()}.` : "None ever ran.", next);
  });
}

function checkFailedMails(ctx: Context): Promise<Finding[]> {
  return attempt("failed mail", "Check SMTP_URL and MAIL_FROM.", async () => {
    const { count, last } = await getFailedMails(ctx);
    return last
      ? warning(
        "failed mail",
        `${count} in the last day; the last one to ${last.recipient}: ${last.reason}.`,
        "Check SMTP_URL, MAIL_FROM and the recipients.",
      )
      : ok("failed mail", "None in the last day.");
  });
}
