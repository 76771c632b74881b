// Issuing thousands of licenses by a job, in batches. Each batch records its progress in its own transaction, so that a
// worker that dies neither loses licenses nor issues them twice.
import { Buffer } from "node:buffer";
import type { z } from "zod";
import { lockCustomer } from "../customers/customers.ts";
import { lockProduct } from "../products/products.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { eventsFrom } from "../events/record.ts";
import { manyLicenses } from "./inputs.ts";
import { type JobRow, requestJob } from "../jobs/job.ts";
import { refuse } from "../errors.ts";
import type { LicenseRow } from "./license.ts";
import { claimTrial } from "../trials/trial.ts";
import { saveLicenses, saveProgress } from "../jobs/lease.ts";
import { requireIssuable } from "./issue.ts";
import { generateKey, keyDigest, parseKey } from "./key.ts";
import { newTermColumns, newTermFacts, newTerms, newTermValues } from "./new_license.ts";

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
  const { terms } = await newTerms(ctx, input);
  if (terms.trialPer === "customer" && input.count > 1) {
    refuse("INVALID_REQUEST", { field: "count", reason: "contradicts", other: "trialPer" });
  }
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
      await claimTrials(ctx, ids);
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
  const given = await newTerms(ctx, input);
  const facts = ctx.db.json({ ...newTermFacts(given), origin: "bulk" } as never);
  const rows = await ctx.db<{ id: number }[]>`
    with issued as (
      insert into licenses (
        key, key_digest, product_id, customer_id, ${
    newTermColumns(ctx)
  }, notes, tags, metadata, created_at, updated_at
      )
      select
        key, decode(digest, 'hex'), ${input.productId}, ${input.customerId}, ${newTermValues(ctx, given)},
        ${input.notes ?? ""}, ${input.tags ?? []}, ${
    ctx.db.json(input.metadata ?? {})
  }::jsonb, ${ctx.now}, ${ctx.now}
      from unnest(${keys}::text[], ${digests}::text[]) as generated (key, digest)
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
          ${facts}::jsonb as after
        from issued`,
    )
  })
    select id
    from issued`;
  return rows.map(({ id }) => id);
}

/** Those of a customer that gets one trial are at most one; users and machines are not known yet. */
async function claimTrials(ctx: Context, ids: number[]): Promise<void> {
  const claiming = await ctx.db<LicenseRow[]>`
    select *
    from licenses
    where id = any(${ids}) and trial_per = 'customer'`;
  for (const license of claiming) await claimTrial(ctx, license);
}
