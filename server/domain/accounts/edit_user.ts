// Administration of a user: edit name and address, and send a link.
import type { z } from "zod";
import { type Entity, type Update, updateEntity } from "../entity.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { recordEvent } from "../events/record.ts";
import type { userChanges, userLink } from "./inputs.ts";
import { refuse } from "../errors.ts";
import type { WithRevision } from "../revision.ts";
import { requestLink, revokeLinks } from "./email_links.ts";
import { getListedUser, type ListedUser } from "./list_users.ts";
import { lockUser } from "./lock_user.ts";
import { foldEmail } from "../email_address.ts";
import { getUser, userFields, type UserRow } from "./users.ts";

const entity: Entity<UserRow> = {
  subject: "user",
  fields: userFields,
  select: (ctx, id, locking) =>
    ctx.db<UserRow[]>`
      select *
      from users
      where id = ${id}
      ${locking}`,
  save: (ctx, user) =>
    ctx.db<UserRow[]>`
      update users
      set email = ${foldEmail(user.email)}, name = ${user.name}, notes = ${user.notes}, tags = ${user.tags},
        metadata = ${ctx.db.json(user.metadata)},        updated_at = ${ctx.now}
      where id = ${user.id}
      returning *`,
  updated: (user, difference) => ({ type: "user.updated", subjectId: user.id, ...difference }),
};

/**
 * Changes the given fields. Links sent to a previous address become invalid.
 *
 * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`, `CONFLICT` when the address has an account
 */
export async function updateUser(
  ctx: Context,
  { id, changes, revision }: Update<z.infer<typeof userChanges>>,
): Promise<ListedUser & WithRevision> {
  requireRole(ctx, "manager");
  await inTransaction(ctx, async (ctx) => {
    const before = await lockUser(ctx, id);
    const { email } = await updateEntity(ctx, entity, { id, changes, revision });
    if (email !== before.email) await revokeLinks(ctx, before.email);
  });
  return await getListedUser(ctx, id);
}

/**
 * Requests a link for a user.
 *
 * @throws DomainError `NOT_FOUND`, `CONFLICT` when the user is disabled
 */
export function sendLink(
  ctx: Context,
  { id, purpose }: { id: number; purpose: z.infer<typeof userLink>["purpose"] },
): Promise<void> {
  requireRole(ctx, "manager");
  return inTransaction(ctx, async (ctx) => {
    const { email, disabledAt } = await getUser(ctx, id);
    if (disabledAt) refuse("CONFLICT", { reason: "disabled", subject: "user" });
    await requestLink(ctx, { purpose, email });
    await recordEvent(ctx, {
      type: "user.link_requested",
      subjectId: id,
      after: { email, purpose },
    });
  });
}
