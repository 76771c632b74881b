// Merging a customer into another one, which gets everything that refers to it. The row of the merged customer stays: its
// id leads to the customer that stays, and its events are in the history of both.
import type { z } from "zod";
import { moveAnomalies } from "../anomalies/move.ts";
import { requireRole } from "../authorization.ts";
import { type Context, inTransaction } from "../context.ts";
import { customerEntity, type CustomerRow, markMerged } from "../customers/customers.ts";
import { type customerMerge, takenFields } from "../customers/inputs.ts";
import { differenceOf, refuseNotFound, withRevision } from "../entity.ts";
import { type Conflict, isDomainError, refuse } from "../errors.ts";
import { recordEvent } from "../events/record.ts";
import { MAX_NOTES, MAX_TAGS } from "../input_fields.ts";
import { moveLeads } from "../leads/move.ts";
import { moveLicenses } from "../licenses/move.ts";
import { moveMails } from "../mail/move.ts";
import { MAX_METADATA_KEYS, MAX_METADATA_SIZE, sizeOf } from "../metadata.ts";
import { refuseMerged } from "../merged_customers.ts";
import { moveTrials } from "../trials/move.ts";
import { pickValues, requireRevision, type WithRevision } from "../revision.ts";

type CustomerValues = Pick<CustomerRow, "name" | "email" | "notes" | "tags" | "metadata">;
type Pair = { merged: CustomerRow; into: CustomerRow };

export interface MergePreview {
  merged: CustomerRow & WithRevision;
  into: CustomerRow & WithRevision;
  /** Fields of which both have a value, and not the same. */
  differing: (typeof takenFields[number])[];
  /** What the customer that stays will have when nothing is chosen. */
  result: CustomerValues;
  /** How many rows move. */
  moves: {
    licenses: number;
    deletedLicenses: number;
    devices: number;
    users: number;
    leads: number;
    mails: number;
  };
  /** What the merge would be refused for; null when it would not. */
  conflict: Conflict | null;
}

/**
 * Says what a merge would move and which values differ.
 *
 * @throws DomainError `NOT_FOUND`, `INVALID_REQUEST` when both are the same, `CONFLICT` when one was merged
 */
export async function previewMerge(
  ctx: Context,
  { id, intoId }: { id: number; intoId: number },
): Promise<MergePreview> {
  requireRole(ctx, "viewer");
  const { merged, into } = await readPair(ctx, { id, intoId }, false);
  const [moves] = await ctx.db<MergePreview["moves"][]>`
    select
      count(*) filter (where deleted_at is null) as licenses,
      count(*) filter (where deleted_at is not null) as deleted_licenses,
      coalesce(sum(activations_in_use) filter (where deleted_at is null), 0)::bigint as devices,
      count(distinct user_id) filter (where deleted_at is null) as users,
      (select count(*) from institutions i where i.customer_id = ${id} and i.deleted_at is null) as leads,
      (select count(*) from mails m where m.customer_id = ${id}) as mails
    from licenses
    where customer_id = ${id}`;
  return {
    merged: withRevision(customerEntity, merged),
    into: withRevision(customerEntity, into),
    differing: takenFields.filter((field) =>
      merged[field] !== null && into[field] !== null && merged[field] !== into[field]
    ),
    result: valuesOf({ merged, into }, []),
    moves,
    conflict: findConflict({ merged, into }),
  };
}

/**
 * Merges a customer into another one. Its licenses, leads, mail and anomalies move, its notes and tags are added. It cannot be
 * undone.
 *
 * @returns the customer that stays
 * @throws DomainError `NOT_FOUND`, `REVISION_OUTDATED`, `INVALID_REQUEST` when both are the same, `CONFLICT` when one was merged,
 *   or both have too many notes or tags together
 */
export async function mergeCustomers(
  ctx: Context,
  { id, intoId, take = [], seen }: z.infer<typeof customerMerge> & { id: number },
): Promise<CustomerRow & WithRevision> {
  requireRole(ctx, "manager");
  return await inTransaction(ctx, async (ctx) => {
    const { merged, into } = await readPair(ctx, { id, intoId }, true);
    for (const [row, revision] of [[merged, seen?.merged], [into, seen?.into]] as const) {
      requireRevision({ subject: "customer", current: pickValues(row, customerEntity.fields) }, revision);
    }
    refuseConflict({ merged, into });
    await markMerged(ctx, { id, intoId });
    const [after] = await customerEntity.save(ctx, { ...into, ...valuesOf({ merged, into }, take) });
    const move = { from: id, to: intoId };
    await moveLicenses(ctx, move);
    await moveLeads(ctx, move);
    await moveMails(ctx, move);
    await moveAnomalies(ctx, move);
    await moveTrials(ctx, move);
    await recordEvent(ctx, {
      type: "customer.merged",
      subjectId: id,
      customerId: intoId,
      before: { name: merged.name, email: merged.email },
      after: { customerId: intoId },
    });
    const difference = differenceOf(into, after, customerEntity.fields);
    if (difference) await recordEvent(ctx, customerEntity.updated(after, difference));
    return withRevision(customerEntity, after);
  });
}

/**
 * Reads both customers, and locks them in the order of their ids: of two merges in opposite directions the later one finds
 * that the other was merged.
 */
async function readPair(
  ctx: Context,
  { id, intoId }: { id: number; intoId: number },
  locks: boolean,
): Promise<Pair> {
  if (id === intoId) {
    refuse("INVALID_REQUEST", { field: "intoId", reason: "not_allowed", expectation: "another customer" });
  }
  const rows = await ctx.db<CustomerRow[]>`
    select *
    from customers
    where id = any(${[id, intoId]}::bigint[])
    order by id
    ${locks ? ctx.db`for update` : ctx.db``}`;
  const [merged, into] = [id, intoId].map((id, at) => {
    const row = rows.find((row) => row.id === id);
    if (row?.mergedIntoId) refuseMerged(row.mergedIntoId);
    if (row && !row.deletedAt) return row;
    return at === 0
      ? refuseNotFound("customer")
      : refuse("NOT_FOUND", { subject: "customer", field: "intoId" });
  });
  return { merged, into };
}

/** The values of the customer that stays. */
function valuesOf({ merged, into }: Pair, take: readonly (typeof takenFields[number])[]): CustomerValues {
  return {
    name: take.includes("name") ? merged.name : into.name,
    email: take.includes("email") ? merged.email ?? into.email : into.email ?? merged.email,
    notes: [...new Set([into.notes, merged.notes])].filter(Boolean).join("\n\n"),
    tags: [...new Set([...into.tags, ...merged.tags])],
    metadata: { ...merged.metadata, ...into.metadata },
  };
}

function refuseConflict(pair: Pair): void {
  const { notes, tags, metadata } = valuesOf(pair, []);
  if (notes.length > MAX_NOTES) {
    refuse("CONFLICT", {
      reason: "too_long_together",
      subject: "customer",
      field: "notes",
      maximum: MAX_NOTES,
    });
  }
  if (tags.length > MAX_TAGS) {
    refuse("CONFLICT", {
      reason: "too_many_together",
      subject: "customer",
      field: "tags",
      maximum: MAX_TAGS,
    });
  }
  if (Object.keys(metadata).length > MAX_METADATA_KEYS || sizeOf(metadata) > MAX_METADATA_SIZE) {
    refuse("CONFLICT", {
      reason: "too_many_together",
      subject: "customer",
      field: "metadata",
      maximum: MAX_METADATA_KEYS,
    });
  }
}

function findConflict(pair: Pair): Conflict | null {
  try {
    refuseConflict(pair);
    return null;
  } catch (error) {
    if (isDomainError(error, "CONFLICT")) return error.facts;
    throw error;
  }
}
