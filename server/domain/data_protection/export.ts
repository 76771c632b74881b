// Export of everything that is stored about a customer or user, for a request by that person (GDPR, articles 15 and 20).
import { requireRecentOwner } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { recordEvent } from "../events/record.ts";
import { shownKey } from "../shown_key.ts";
import { getDataSubject, type SubjectReference } from "./subject.ts";

const exported = { customer: "customer.data_exported", user: "user.data_exported" } as const;

/** Rows as they are stored, with the columns that are exported. */
type Rows = Record<string, unknown>[];

/** One file of JSON: lists of rows by what they are. */
export interface PersonalData {
  format: "latchkey personal data 1";
  exportedAt: Date;
  subject: SubjectReference & { name: string };
  customers: Rows;
  users: Rows;
  licenses: Rows;
  activations: Rows;
  activationComponents: Rows;
  seats: Rows;
  sessions: Rows;
  trials: Rows;
  mails: Rows;
  mailSubscriptions: Rows;
  mailedLinks: Rows;
  leads: Rows;
  contacts: Rows;
  leadActivities: Rows;
  anomalies: Rows;
  apiRequests: Rows;
  events: Rows;
}

/**
 * Exports the data of a customer or user, without secrets, and records that it was exported.
 *
 * @throws DomainError `FORBIDDEN`, `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`
 */
export async function exportPersonalData(ctx: Context, reference: SubjectReference): Promise<PersonalData> {
  requireRecentOwner(ctx);
  return await inTransaction(ctx, async (ctx) => {
    const subject = await getDataSubject(ctx, reference);
    const { customerIds, userIds, licenseIds, leadIds, contactIds, email, name } = subject;
    const { db } = ctx;
    const data: PersonalData = {
      format: "latchkey personal data 1",
      exportedAt: ctx.now,
      subject: { ...reference, name },
      customers: await db`
        select *
        from customers
        where id = any(${customerIds})
        order by id`,
      users: await db`
        select id, email, name, password_hash is not null as has_password, notes, tags, metadata, created_at, updated_at, disabled_at
        from users
        where id = any(${userIds})
        order by id`,
      licenses: await db`
        select l.id, ${
        shownKey(ctx, ctx.db`l.key`)
      } as key, p.code as product, l.customer_id, l.user_id, l.type, l.is_active, l.disabled_reason, l.disable_at,
          l.disable_reason, l.enable_at, l.valid_from, l.valid_until, l.max_activations, l.max_users, l.notes, l.tags, l.metadata, l.created_at, l.updated_at, l.deleted_at
        from licenses l
        join products p on p.id = l.product_id
        where l.id = any(${licenseIds})
        order by l.id`,
      activations: await db`
        select *
        from activations
        where license_id = any(${licenseIds})
        order by id`,
      activationComponents: await db`
        select activation_id, name, since
        from activation_components
        where license_id = any(${licenseIds})
        order by activation_id, name`,
      seats: await db`
        select *
        from seats
        where license_id = any(${licenseIds})
        order by started_at`,
      sessions: await db`
        select id, user_id, device_id, state_hash, created_at, expires_at, replaced_at, revoked_at
        from sessions
        where user_id = any(${userIds})
        order by id`,
      trials: await db`
        select *
        from trials
        where user_id = any(${userIds}) or customer_id = any(${customerIds})
        order by started_at`,
      mails: await db`
        select id, kind, recipient, subject, license_ids, created_at, sent_at, failed_at, last_error
        from mails
        where lower(recipient) = ${email} or customer_id = any(${customerIds}) or user_id = any(${userIds})
        order by id`,
      mailSubscriptions: await db`
        select email, unsubscribed, created_at
        from mail_subscriptions
        where email = ${email}`,
      mailedLinks: await db`
        select id, purpose, email, name, requested_at, expires_at, used_at
        from email_links
        where email = ${email} or user_id = any(${userIds})
        order by id`,
      leads: await db`
        select *
        from institutions
        where id = any(${leadIds})
        order by id`,
      contacts: await db`
        select *
        from contacts
        where id = any(${contactIds})
        order by id`,
      leadActivities: await db`
        select *
        from lead_activities
        where institution_id = any(${leadIds}) or contact_id = any(${contactIds})
        order by id`,
      anomalies: await db`
        select *
        from anomalies
        where license_id = any(${licenseIds}) or customer_id = any(${customerIds})
        order by id`,
      apiRequests: await db`
        select id, started_at, request_id, method, path, status, code, network, user_agent, license_id, activation_id,
          customer_id, user_id, request_body, response_body
        from api_requests
        where license_id = any(${licenseIds}) or customer_id = any(${customerIds}) or user_id = any(${userIds})
        order by id`,
      events: await db`
        select id, uid, type, occurred_at, actor_kind, subject_kind, subject_id, license_id, customer_id, activation_id,
          before, after
        from events
        where license_id = any(${licenseIds})
          or customer_id = any(${customerIds})
          or subject_kind = 'customer' and subject_id = any(${customerIds})
          or subject_kind = 'user' and subject_id = any(${userIds})
          or actor_kind = 'user' and actor_id = any(${userIds})
          or subject_kind = 'lead' and subject_id = any(${leadIds})
          or subject_kind = 'contact' and subject_id = any(${contactIds})
        order by id`,
    };
    await recordEvent(ctx, {
      type: exported[reference.kind],
      subjectId: reference.id,
      customerId: reference.kind === "customer" ? reference.id : undefined,
    });
    return data;
  });
}
