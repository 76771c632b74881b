// Metered use of the demo, for the charts: exports of ten months and of this one, previews of the last weeks, and a
// reservation.
import type { Context } from "../domain/context.ts";
import type { LicenseRow } from "../domain/licenses/license.ts";
import { incrementUsage, reserveUsage } from "../domain/meters/take.ts";

/** Exports in earlier months, the latest first: some went over the limit of 1,000. */
const months = [984, 1062, 870, 941, 1018, 733, 802, 655, 590, 412];
const DAYS_WITH_PREVIEWS = 45;

export async function loadMeteredUse(
  daysAgo: (days: number) => Context,
  { key }: LicenseRow,
): Promise<void> {
  const count = (ctx: Context, meter: string, amount: number) =>
    incrementUsage({ ...ctx, actor: { kind: "anonymous" } }, {
      licenseKey: key,
      hardwareId: null,
      meter,
      amount,
    });
  const today = daysAgo(0);
  for (const [n, amount] of months.entries()) {
    const middle = new Date(Date.UTC(today.now.getUTCFullYear(), today.now.getUTCMonth() - 1 - n, 15, 10));
    await count({ ...today, now: middle }, "exports", amount);
  }
  for (let age = DAYS_WITH_PREVIEWS; age >= 0; age--) {
    const ctx = daysAgo(age);
    const isWeekend = [0, 6].includes(ctx.now.getUTCDay());
    await count(ctx, "previews", (isWeekend ? 12 : 70) + (age * 7919) % 97);
  }
  await count(today, "exports", 640);
  await count(today, "exports", 217);
  await reserveUsage({ ...today, actor: { kind: "anonymous" } }, {
    licenseKey: key,
    hardwareId: null,
    meter: "exports",
    amount: 25,
    ttl: 3600,
  });
}
