// Renewing licenses: another period of their own duration, as their terms say.
import { LAST_DAY } from "../calendar.ts";
import { type Context, inTransaction } from "../context.ts";
import { requireRole } from "../authorization.ts";
import { refuseNotFound } from "../entity.ts";
import { refuse } from "../errors.ts";
import { changeLicenses, renewal } from "./bulk_changes.ts";
import { endOf, type ExpiryChange } from "./extend.ts";

/**
 * Why a license is not renewed: it does not exist, its first period has not begun, it never expires, has no duration, or would not end later, as when its
 * periods count from today and it was renewed today already.
 */
export type NotRenewedReason =
  | "not_found"
  | "not_started"
  | "never_expires"
  | "no_duration"
  | "ends_no_later";

export interface Renewal {
  renewed: number;
  /** The input of `undoExtension`. */
  ends: ExpiryChange[];
  notRenewed: { id: number; reason: NotRenewedReason }[];
}

/**
 * Renews licenses by their own duration. The others stay as they are, and the result says why.
 *
 * @throws DomainError `INVALID_REQUEST` when one would end after 9999-12-31; none is renewed then
 */
export async function renewLicenses(
  ctx: Context,
  { licenseIds }: { licenseIds: number[] },
): Promise<Renewal> {
  requireRole(ctx, "manager");
  const ids = [...new Set(licenseIds)];
  return await inTransaction(ctx, async (ctx) => {
    const ends = (await changeLicenses(ctx, ids, renewal(ctx))).map(endOf);
    const renewed = new Set(ends.map(({ id }) => id));
    const others = ids.filter((id) => !renewed.has(id));
    const notRenewed = await ctx.db<Renewal["notRenewed"]>`
      select
        given.id,
        case
          when l.id is null then 'not_found'
          when l.starts_with is not null then 'not_started'
          when coalesce(l.valid_until, ${LAST_DAY}) = ${LAST_DAY} then 'never_expires'
          when l.duration is null then 'no_duration'
          else 'ends_no_later'
        end as reason
      from unnest(${others}::bigint[]) as given (id)
      left join licenses l on l.id = given.id and l.deleted_at is null
      order by given.id`;
    return { renewed: ends.length, ends, notRenewed: [...notRenewed] };
  });
}

/**
 * Renews one license.
 *
 * @throws DomainError `NOT_FOUND`; `CONFLICT` with the reason for which it is not renewed; `INVALID_REQUEST` when it would
 *   end after 9999-12-31
 */
export async function renewLicense(ctx: Context, id: number): Promise<void> {
  const { notRenewed: [refused] } = await renewLicenses(ctx, { licenseIds: [id] });
  if (refused?.reason === "not_found") refuseNotFound("license");
  if (refused) refuse("CONFLICT", { reason: refused.reason, licenseId: id });
}
