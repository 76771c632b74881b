// Erasure of what receivers of webhooks answered about a person: they may repeat what they know. Deliveries store no body;
// it is made from the event at each attempt.
import type { Context } from "../context.ts";

/** Deletes the answers to deliveries of events of customers and licenses. */
export async function eraseReceiverAnswers(
  ctx: Context,
  { customerIds, licenseIds }: { customerIds: number[]; licenseIds: number[] },
): Promise<void> {
  await ctx.db`
    update webhook_attempts a
    set answer = null
    from webhook_deliveries d
    join events e on e.id = d.event_id
    where a.delivery_id = d.id
      and a.answer is not null
      and (e.license_id = any(${licenseIds}) or e.customer_id = any(${customerIds}))`;
}
