// Erasure of a customer or user on request (GDPR, article 17). Rows that statistics and the audit log need stay, without what
// says who it was; everything else about the person is deleted.
import { eraseUserAccounts } from "../accounts/erase.ts";
import { eraseActivations } from "../activations/erase.ts";
import { eraseAnomalies } from "../anomalies/erase.ts";
import { eraseApiRequests } from "../api_requests/erase.ts";
import { requireRecentOwner } from "../authorization.ts";
import { dayOf } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { eraseCustomers } from "../customers/erase.ts";
import { refuse } from "../errors.ts";
import { eraseEventFacts } from "../events/erase.ts";
import { recordEvent } from "../events/record.ts";
import { deleteExternalIds } from "../external_ids/erase.ts";
import { deleteInvalidRowsWith } from "../jobs/erase.ts";
import { eraseLeads } from "../leads/erase.ts";
import { eraseNotesOfLicenses, unassignUsers } from "../licenses/erase.ts";
import { deleteMailsOf } from "../mail/erase.ts";
import { usableOn } from "../policy/conditions.ts";
import { eraseReceiverAnswers } from "../webhooks/erase.ts";
import { type Erasure, listErasures, recordErasure } from "./erasures.ts";
import { personalAnomalyFacts, personalFields } from "./personal_fields.ts";
import { type DataSubject, getDataSubject, type SubjectReference } from "./subject.ts";

const erased = { customer: "customer.erased", user: "user.erased" } as const;

/** How many rows of each kind were erased or deleted. */
export interface ErasedData {
  customers: number;
  users: number;
  machines: number;
  contacts: number;
  events: number;
}

/**
 * Erases the data of a customer or user, and of the user or customer with the same address. Their machines are deactivated.
 *
 * @param input.confirmation the name, typed
 * @throws DomainError `FORBIDDEN`, `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, `INVALID_REQUEST` when the name is another,
 *   `CONFLICT` while a license of the customer can be used: its data is needed for it
 */
export async function erasePersonalData(
  ctx: Context,
  { confirmation, ...reference }: SubjectReference & { confirmation: string },
): Promise<ErasedData> {
  requireRecentOwner(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const subject = await getDataSubject(ctx, reference);
    if (confirmation.trim() !== subject.name) {
      refuse("INVALID_REQUEST", { field: "confirmation", reason: "not_allowed", expectation: "the name" });
    }
    await requireNoUsableLicense(ctx, subject);
    return await erase(ctx, subject);
  });
}

/** @throws DomainError `CONFLICT` */
async function requireNoUsableLicense(ctx: Context, { customerIds }: DataSubject): Promise<void> {
  const [{ count }] = await ctx.db<{ count: number }[]>`
    select count(*) as count
    from licenses
    where customer_id = any(${customerIds}) and ${usableOn(ctx, "licenses", dayOf(ctx.now))}`;
  if (count > 0) refuse("CONFLICT", { reason: "has_usable_licenses", subject: "customer", licenses: count });
}

async function erase(ctx: Context, subject: DataSubject): Promise<ErasedData> {
  const { customerIds, userIds, licenseIds, leadIds, contactIds, email } = subject;
  const customers = await eraseCustomers(ctx, customerIds);
  const users = await eraseUserAccounts(ctx, { userIds, email });
  const machines = await eraseActivations(ctx, licenseIds);
  await unassignUsers(ctx, userIds);
  await eraseNotesOfLicenses(ctx, licenseIds);
  const contacts = await eraseLeads(ctx, { leadIds, contactIds });
  await eraseAnomalies(ctx, {
    customerIds,
    licenseIds,
    fields: [...personalFields, ...personalAnomalyFacts],
  });
  for (const [kind, ids] of [["customer", customerIds], ["user", userIds]] as const) {
    await deleteExternalIds(ctx, kind, ids);
  }
  await eraseApiRequests(ctx, { customerIds, userIds, licenseIds });
  await deleteMailsOf(ctx, { email, customerIds, userIds });
  if (email !== null) await deleteInvalidRowsWith(ctx, email);
  await eraseReceiverAnswers(ctx, { customerIds, licenseIds });
  for (const kind of ["customer", "user"] as const) {
    for (const id of kind === "customer" ? customerIds : userIds) {
      await recordErasure(ctx, { kind, id });
      await recordEvent(ctx, {
        type: erased[kind],
        subjectId: id,
        customerId: kind === "customer" ? id : undefined,
      });
    }
  }
  // Last, because the changes above record events as well.
  const events = await eraseEventFacts(ctx, {
    customerIds,
    userIds,
    licenseIds,
    leadIds,
    contactIds,
    fields: [...personalFields, ...personalAnomalyFacts],
  });
  return { customers, users, machines, contacts, events };
}

/**
 * Erases again what a restored database contains of a list, whether or not a license can be used: the erasure was made.
 *
 * @returns how many were erased
 */
export async function applyErasures(ctx: Context, erasures: Erasure[]): Promise<number> {
  const known = new Set((await listErasures(ctx)).map(({ kind, id }) => `${kind} ${id}`));
  let applied = 0;
  for (const { kind, id } of erasures) {
    if (known.has(`${kind} ${id}`)) continue;
    const isThere = await inTransaction(ctx, async (ctx) => {
      const rows = kind === "customer"
        ? await ctx.db`
          select
          from customers
          where id = ${id}`
        : await ctx.db`
          select
          from users
          where id = ${id}`;
      if (rows.length === 0) return false;
      await erase(ctx, await getDataSubject(ctx, { kind, id }));
      return true;
    });
    if (isThere) applied++;
  }
  return applied;
}
