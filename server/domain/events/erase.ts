// Erasure of personal data from the audit log.
import type { Context } from "../context.ts";

/** Whose events, and which of their fields. */
export interface EventErasure {
  customerIds: number[];
  userIds: number[];
  licenseIds: number[];
  leadIds: number[];
  contactIds: number[];
  fields: string[];
}

/** Replaces personal fields in events by "erased"; returns how many events there are of these persons. */
export async function eraseEventFacts(ctx: Context, erasure: EventErasure): Promise<number> {
  const [{ changed }] = await ctx.db<{ changed: number }[]>`
    select erase_event_facts(
      ${erasure.customerIds}, ${erasure.userIds}, ${erasure.licenseIds}, ${erasure.leadIds}, ${erasure.contactIds},
      ${erasure.fields}
    ) as changed`;
  return changed;
}
