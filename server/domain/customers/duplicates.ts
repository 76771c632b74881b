// Customers that are possibly the same as another one.
import { requireRole } from "../authorization.ts";
import type { Context } from "../context.ts";
import { foldEmail } from "../email_address.ts";
import { prefixPattern } from "../list_conditions.ts";
import { getCustomer } from "./customers.ts";

/** A customer that is possibly the same, and why. */
export interface Duplicate {
  id: number;
  name: string;
  email: string | null;
  licenses: number;
  reason: "same_email" | "similar_name";
}

const LIMIT = 5;
/** The first characters of the name, by which the index finds names that may be similar. */
const COMPARED_PREFIX = 3;
/** Names of a domain that are compared. */
const MAX_COMPARED = 500;
/** Trigrams in common; "ACME Corp" and "ACME Corporation" have 0.53. */
const SIMILARITY = 0.5;

/**
 * Lists customers with the same email address, ignoring case, or with an address of the same domain and a similar name.
 *
 * @returns at most five, those with the same address first
 * @throws DomainError `NOT_FOUND`
 */
export async function listDuplicates(ctx: Context, customerId: number): Promise<Duplicate[]> {
  requireRole(ctx, "viewer");
  const { id, name, email, deletedAt } = await getCustomer(ctx, customerId);
  if (email === null || deletedAt) return [];
  const address = foldEmail(email);
  const domain = address.slice(address.lastIndexOf("@") + 1);
  const start = prefixPattern(name.slice(0, COMPARED_PREFIX).toLowerCase());
  return await ctx.db<Duplicate[]>`
    with same as (
      (
        select id, name, email, 'same_email' as reason, 1 as likeness
        from customers
        where lower(email) = ${address} and deleted_at is null and id <> ${id}
        limit ${LIMIT}
      )
      union all
      (
        select id, name, email, 'similar_name' as reason, similarity(lower(name), lower(${name})) as likeness
        from (
          select id, name, email
          from customers
          where lower(split_part(email, '@', 2)) = ${domain} and lower(name) like ${start}
            and deleted_at is null and email is not null
          limit ${MAX_COMPARED}
        ) compared
        where lower(email) <> ${address} and id <> ${id}
          and similarity(lower(name), lower(${name})) >= ${SIMILARITY}
      )
    )
    select
      s.id, s.name, s.email, s.reason,
      (select count(*) from licenses l where l.customer_id = s.id and l.deleted_at is null) as licenses
    from same s
    order by s.reason, s.likeness desc, s.id
    limit ${LIMIT}`;
}
