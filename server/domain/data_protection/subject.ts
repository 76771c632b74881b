// Whose data it is: a customer or user, and the rows that belong to the same person, found by their email address.
import type { Context } from "../context.ts";
import { currentCustomerId } from "../merged_customers.ts";
import { refuse } from "../errors.ts";
import type { Erasure } from "./erasures.ts";

/** A customer or user by id. */
export type SubjectReference = Pick<Erasure, "kind" | "id">;

/** A person or company, and the ids of what is stored about them. */
export interface DataSubject {
  name: string;
  /** The address, in lower case; null when there is none, and nothing else can be found by it then. */
  email: string | null;
  customerIds: number[];
  userIds: number[];
  /** Licenses of these customers, or of these users. */
  licenseIds: number[];
  /** Leads that became one of these customers. */
  leadIds: number[];
  /** Contacts with the address, and those of these leads. */
  contactIds: number[];
}

/**
 * Finds what belongs to a customer or user. A customer and a user with the same address are one person, and so are a
 * customer and those that were merged into it.
 *
 * @throws DomainError `NOT_FOUND`
 */
export async function getDataSubject(
  ctx: Pick<Context, "db">,
  { kind, id: given }: SubjectReference,
): Promise<DataSubject> {
  const id = kind === "customer" ? await currentCustomerId(ctx, given) : given;
  const [found] = kind === "customer"
    ? await ctx.db<{ name: string; email: string | null }[]>`
      select name, lower(email) as email
      from customers
      where id = ${id}`
    : await ctx.db<{ name: string; email: string | null }[]>`
      select name, lower(email) as email
      from users
      where id = ${id}`;
  if (!found) refuse("NOT_FOUND", { subject: kind, field: "id" });
  const { email } = found;
  const [ids] = await ctx.db<Omit<DataSubject, "name" | "email">[]>`
    with persons as (
      select
        array(
          select c.id
          from customers c
          where lower(c.email) = ${email} or ${kind} = 'customer' and c.id = ${id}
          union
          select merged.id
          from customers c
          join customers merged on merged.merged_into_id = c.id
          where lower(c.email) = ${email} or ${kind} = 'customer' and c.id = ${id}
          order by id
        ) as customer_ids,
        array(
          select u.id
          from users u
          where u.email = ${email} or ${kind} = 'user' and u.id = ${id}
          order by u.id
        ) as user_ids
    ),
    leads as (
      select *, array(select i.id from institutions i where i.customer_id = any(customer_ids) order by i.id) as lead_ids
      from persons
    )
    select
      customer_ids, user_ids, lead_ids,
      array(
        select l.id
        from licenses l
        where l.customer_id = any(customer_ids) or l.user_id = any(user_ids)
        order by l.id
      ) as license_ids,
      array(
        select c.id
        from contacts c
        where lower(c.email) = ${email} or c.institution_id = any(lead_ids)
        order by c.id
      ) as contact_ids
    from leads`;
  return { ...found, ...ids };
}
