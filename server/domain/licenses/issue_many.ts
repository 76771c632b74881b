// Issuing thousands of licenses by a job, in batches. Each batch records its progress in its own transaction, so that a
// worker that dies neither loses licenses nor issues them twice.
import { Buffer } from "node:buffer";
import type { z } from "zod";
import { lockCustomer } from "../customers/customers.ts";
import { lockProduct } from "../products/products.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { dayOf } from "../calendar.ts";
import { eventsFrom } from "../events/record.ts";
import { manyLicenses } from "./inputs.ts";
import { type JobRow, requestJob } from "../jobs/job.ts";
import { saveLicenses, saveProgress } from "../jobs/lease.ts";
import { requireIssuable } from "./issue.ts";
import { generateKey, keyDigest, parseKey } from "./key.ts";

export type ManyLicenses = z.infer<typeof manyLicenses>;

/** Licenses in a transaction. */
const BATCH_SIZE = 500;

/**
 * Queues the issue of many licenses.
 *
 * @throws DomainError `INVALID_REQUEST`
 */
export async function requestLicenses(ctx: Context, input: ManyLicenses): Promise<JobRow> {
  requireRole(ctx, "manager");
  await requireIssuable(ctx, input);
  return await requestJob(ctx, { kind: "issue_licenses", input, total: input.count });
}

/**
 * Issues the remaining licenses of a job.
 *
 * @param clock the current time, for the job's lease
 */
export async function issueMany(ctx: Context, job: JobRow, clock: () => Date): Promise<{ issued: number }> {
  requireRole(ctx, "manager");
  const input = manyLicenses.parse(job.input);
  let { done } = job;
  while (done < input.count) {
    const count = Math.min(BATCH_SIZE, input.count - done);
    await inTransaction(ctx, async (ctx) => {
      await lockProduct(ctx, input.productId);
      const customerId = await lockCustomer(ctx, input.customerId);
      const ids = await issueBatch(ctx, { ...input, customerId }, count);
      await saveLicenses(ctx, job.id, ids);
      await saveProgress(ctx, job, { done: done + count, now: clock() });
    });
    done += count;
  }
  return { issued: done };
}

async function issueBatch(ctx: Context, input: ManyLicenses, count: number): Promise<number[]> {
  const keys = Array.from({ length: count }, generateKey);
  const digests = keys.map((key) => Buffer.from(keyDigest(parseKey(key))).toString("hex"));
  const validFrom = input.validFrom ?? dayOf(ctx.now);
  const rows = await ctx.db<{ id: number }[]>`
    with terms as (
      select
        p.id as plan_id, ${input.validUntil === undefined ? ctx.db`p.duration` : ctx.db`null`} as period,
        coalesce(${input.type ?? null}, p.license_type, 'perpetual') as type,
        ${
    input.validUntil === undefined
      ? ctx.db`period_end(${validFrom}::date, null, p.duration)`
      : ctx.db`${input.validUntil}::date`
  } as valid_until,
        coalesce(${input.maxActivations ?? null}::integer, p.max_activations, 1) as max_activations,
        coalesce(${input.maxUsers ?? null}::integer, p.max_users, 1) as max_users
      from (select 1) as one
      left join plans p on p.id = ${input.planId ?? null}
    ),
    issued as (
      insert into licenses (
        key, key_digest, product_id, customer_id, plan_id, type,
        valid_from, valid_until, anchor_day, max_activations, max_users, notes, tags, created_at, updated_at
      )
      select
        key, decode(digest, 'hex'), ${input.productId}::bigint, ${input.customerId}::bigint, plan_id, type,
        ${validFrom}::date, valid_until, period_anchor(${validFrom}::date, null, period, valid_until),
        max_activations, max_users, ${input.notes ?? ""}::text, ${input.tags ?? []}::text[],
        ${ctx.now}::timestamptz, ${ctx.now}::timestamptz
      from terms, unnest(${keys}::text[], ${digests}::text[]) as generated (key, digest)
      returning *
    ),
    recorded as (${
    eventsFrom(
      ctx,
      "license.created",
      ctx.db`
        select
          id as subject_id, id as license_id, customer_id, null::bigint as activation_id,
          null::jsonb as before,
          jsonb_build_object(
            'type', type, 'planId', plan_id, 'validFrom', valid_from, 'validUntil', valid_until,
            'maxActivations', max_activations, 'maxUsers', max_users, 'origin', 'bulk'
          ) as after
        from issued`,
    )
  })
    select id
    from issued`;
  return rows.map(({ id }) => id);
}
