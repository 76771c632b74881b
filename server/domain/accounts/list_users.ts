// Users in administration: the list and one by id, without password hashes.
import type { z } from "zod";
import type { Context } from "../context.ts";
import { ofCurrentCustomer } from "../merged_customers.ts";
import { requireRole } from "../authorization.ts";
import { withRevision } from "../entity.ts";
import type { newUser, userList } from "./inputs.ts";
import { mailProblem } from "../mail/failed_mails.ts";
import { containsPattern } from "../list_conditions.ts";
import { listPage, type Page } from "../lists.ts";
import { inPeriod } from "../periods.ts";
import { refuse } from "../errors.ts";
import { hasMetadata } from "../metadata_columns.ts";
import { hasTag } from "../tags.ts";
import type { WithRevision } from "../revision.ts";
import { createUser, userFields, type UserRow } from "./users.ts";

export type ListedUser = Omit<UserRow, "passwordHash"> & {
  hasPassword: boolean;
  licenses: number;
  lastSeenAt: Date | null;
  /** What the mail server said when the last mail to the address was given up; null when it was sent. */
  mailProblem: string | null;
};

function columns(ctx: Context) {
  return ctx.db`
    u.id, u.email, u.name, u.notes, u.tags, u.metadata, u.created_at, u.updated_at, u.disabled_at, u.password_hash is not null as has_password,
    (select count(*) from licenses l where l.user_id = u.id and l.deleted_at is null) as licenses,
    (select max(s.created_at) from sessions s where s.user_id = u.id) as last_seen_at,
    ${mailProblem(ctx, ctx.db`u.email`)} as mail_problem`;
}

/** Lists users, by default by email address. */
export async function listUsers(ctx: Context, given: z.infer<typeof userList>): Promise<Page<ListedUser>> {
  requireRole(ctx, "viewer");
  const query = await ofCurrentCustomer(ctx, given);
  return await listPage<ListedUser>(ctx, query, {
    columns: columns(ctx),
    from: ctx.db`users u`,
    where: [
      query.disabled === undefined ? null : ctx.db`(u.disabled_at is not null) = ${query.disabled}`,
      query.customerId
        ? ctx.db`u.id in (
          select user_id
          from licenses
          where customer_id = ${query.customerId} and user_id is not null and deleted_at is null
        )`
        : null,
      hasTag(ctx, ctx.db`u.tags`, query.tag),
      hasMetadata(ctx, ctx.db`u.metadata`, query.metadata),
      inPeriod(ctx, "u.created_at", { since: query.createdSince, until: query.createdUntil }),
    ],
    text: query.q
      ? ctx.db`(u.email ilike ${containsPattern(query.q)} or u.name ilike ${containsPattern(query.q)})`
      : null,
    sorts: { id: { by: "u.id", type: "bigint" }, email: { by: "u.email", type: "text" } },
    defaultSort: "email",
    id: "u.id",
  });
}

/**
 * A user by id.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getListedUser(ctx: Context, id: number): Promise<ListedUser & WithRevision> {
  requireRole(ctx, "viewer");
  const [user] = await ctx.db<ListedUser[]>`
    select ${columns(ctx)}
    from users u
    where u.id = ${id}`;
  return user
    ? withRevision({ fields: userFields }, user)
    : refuse("NOT_FOUND", { subject: "user", field: "id" });
}

/** Creates a user, as `createUser`. */
export async function createListedUser(
  ctx: Context,
  input: z.infer<typeof newUser>,
): Promise<ListedUser & WithRevision> {
  return await getListedUser(ctx, (await createUser(ctx, input)).id);
}
