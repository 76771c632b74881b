// Licenses with meters, for tests of metered use.
import assert from "node:assert/strict";
import type { Context } from "../../server/domain/context.ts";
import { DomainError } from "../../server/domain/errors.ts";
import type { LicenseRow } from "../../server/domain/licenses/license.ts";
import { getUsageByKey } from "../../server/domain/meters/usage.ts";
import { createBatches } from "../../server/request/batches.ts";
import { openLog } from "../../server/request/log.ts";
import { TimeBudget } from "../../db/deadlines.ts";
import { withBudget } from "../../db/handles.ts";
import { makeLicense } from "./fixtures.ts";
import type { TestSystem } from "./system.ts";

export type Meter = {
  limit: number;
  period: "day" | "month" | "license" | "forever";
  overage: number | null;
};

export const monthly = (limit: number, overage: number | null = 0): Meter => ({
  limit,
  period: "month",
  overage,
});

/** The noon of a day in the middle of a month, from which `at` counts seconds. */
const start = new Date("2026-03-10T12:00:00Z");

/** What tests of meters do with a system. */
export function meteredSystem(system: TestSystem) {
  const { db } = system;
  const batches = createBatches(db, openLog("error", () => {}));
  const at = (time: string | number) =>
    system.ctx(typeof time === "string" ? new Date(time) : new Date(start.getTime() + time * 1000));

  async function setMeters(
    { id }: LicenseRow,
    meters: Record<string, Meter>,
    duration: string | null = null,
  ) {
    await db`
      update licenses
      set meters = ${db.json(meters)}, duration = ${duration}
      where id = ${id}`;
  }

  return {
    at,
    /** The context of a request that shares statements with others. */
    sharing: (ctx: Context): Context => ({ ...ctx, db: withBudget(db, new TimeBudget(30_000)), batches }),
    setMeters,
    /** A license from 2026-01-01 on. */
    async meteredLicense(
      meters: Record<string, Meter>,
      terms: Parameters<typeof makeLicense>[1] & { duration?: string } = {},
    ): Promise<LicenseRow> {
      const { duration = null, ...given } = terms;
      const ctx = await at("2026-01-01T00:00:00Z");
      const license = await makeLicense(ctx, { validFrom: "2026-01-01", ...given });
      await setMeters(license, meters, duration);
      return license;
    },
  };
}

/** The input of an increment. */
export const use = ({ key }: LicenseRow, amount = 1, meter = "exports") => ({
  licenseKey: key,
  hardwareId: null,
  meter,
  amount,
});

export async function usageOf(ctx: Context, license: LicenseRow, meter = "exports") {
  const { meters } = await getUsageByKey(ctx, license.key);
  const { used, reserved } = meters.find((each) => each.meter === meter)!;
  return { used, reserved };
}

/** For `assert.rejects`: a domain error with these facts. */
export function refusal(code: string, facts: Record<string, unknown> = {}) {
  return (error: unknown) => {
    assert.ok(error instanceof DomainError, String(error));
    assert.equal(error.code, code);
    for (const [name, value] of Object.entries(facts)) {
      assert.deepEqual((error.facts as Record<string, unknown>)[name], value);
    }
    return true;
  };
}
