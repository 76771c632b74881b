// Erasure of requests about persons.
import type { Context } from "../context.ts";

/** Deletes the requests of users, and those about customers, users and licenses. */
export async function eraseApiRequests(
  ctx: Context,
  { customerIds, userIds, licenseIds }: { customerIds: number[]; userIds: number[]; licenseIds: number[] },
): Promise<void> {
  await ctx.db`
    delete from api_requests
    where license_id = any(${licenseIds}) or customer_id = any(${customerIds}) or user_id = any(${userIds})`;
}
