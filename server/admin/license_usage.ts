// The metered use of a license: what administrators read of it, export and correct.
import { z } from "zod";
import { adjustUsage, getLicenseUsage } from "../domain/meters/administer.ts";
import { exportFormat } from "../domain/list_inputs.ts";
import { allUsagePeriods, usageColumns } from "../domain/meters/export_usage.ts";
import { usageAdjustment } from "../domain/meters/inputs.ts";
import { remainingUnits } from "../domain/meters/meter.ts";
import type { CurrentMeter } from "../domain/meters/meter.ts";
import { contentTypes, writeSheet } from "../domain/sheets/write.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { day, oneId } from "./schemas.ts";
import { bodyOf, wire } from "./wire.ts";

const period = z.enum(["day", "month", "license", "forever"]).describe("When use starts at 0 again");

const counted = {
  meter: z.string().describe("The meter's name"),
  period,
  starts_on: day.describe("First day of the period, in UTC"),
  ends_on: day.nullable().describe("Last day of the period, inclusive; null: it does not end"),
  used: z.int().describe("Units that are used in the period"),
  limit: z.int().describe("Units in the period; of a past one, as they were when something was counted last"),
};

const currentMeter = z.object({
  ...counted,
  reserved: z.int().describe("Units that reservations hold"),
  remaining: z.int().describe("Units that are left of the limit, neither used nor reserved"),
  overage: z.int().nullable().describe("Percent of the limit that are admitted beyond it; null: any number"),
}).meta({
  id: "CurrentMeter",
  examples: [{
    meter: "exports",
    period: "month",
    starts_on: "2026-01-01",
    ends_on: "2026-01-31",
    used: 412,
    limit: 1000,
    reserved: 0,
    remaining: 588,
    overage: 25,
  }],
});

const licenseUsage = z.object({
  meters: z.array(currentMeter).describe("The meters of the license in their current periods"),
  past: z.array(z.object(counted).meta({ id: "PastMeterPeriod" })).describe(
    "Periods before, the latest first, also of meters that the license has no more",
  ),
}).meta({
  id: "LicenseMeters",
  examples: [{
    meters: [{
      meter: "exports",
      period: "month",
      starts_on: "2026-01-01",
      ends_on: "2026-01-31",
      used: 412,
      limit: 1000,
      reserved: 0,
      remaining: 588,
      overage: 25,
    }],
    past: [{
      meter: "exports",
      period: "month",
      starts_on: "2025-12-01",
      ends_on: "2025-12-31",
      used: 890,
      limit: 1000,
    }],
  }],
});

export function licenseUsageEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Licenses", dialect: documentedForm, params: oneId } as const;
  return [
    endpoint({
      ...common,
      method: "get",
      guard: guards.viewer,
      path: "/api/admin/licenses/{id}/usage",
      operationId: "getLicenseUsage",
      summary: "Get the metered use of a license",
      answers: { 200: { description: "Its meters, and their periods before", schema: licenseUsage } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        const { meters, past } = await getLicenseUsage(ctx, params.id);
        return ok({ meters: meters.map(wireMeter), past: past.map((row) => wire(row)) });
      },
    }),
    endpoint({
      ...common,
      method: "get",
      guard: guards.viewer,
      path: "/api/admin/licenses/{id}/usage/export",
      transfers: true,
      operationId: "exportLicenseUsage",
      summary: "Export the metered use of a license",
      description:
        "A row for each period of each meter, the current ones first: days of a meter that is counted by the day.",
      query: z.object({ format: exportFormat.default("csv") }),
      answers: {
        200: {
          description: "The periods as CSV or XLSX",
          type: "text/csv",
          example: `${Object.keys(usageColumns).join(",")}\nexports,month,2026-01-01,2026-01-31,412,0,1000\n`,
        },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params: { id }, query: { format } }) {
        return {
          ...ok(await writeSheet(format, usageColumns, allUsagePeriods(ctx, id))),
          headers: {
            "content-type": contentTypes[format],
            "content-disposition": `attachment; filename="usage-${id}.${format}"`,
          },
        };
      },
    }),
    endpoint({
      ...common,
      method: "post",
      guard: guards.manager,
      path: "/api/admin/licenses/{id}/usage/adjust",
      operationId: "adjustUsage",
      summary: "Correct the metered use of a license",
      description:
        "Sets what is used of a meter in its current period (used; 0 starts it again), or adds to it (by, which may be negative) whatever is counted meanwhile. The reason is kept in the history.",
      changes: true,
      body: bodyOf(usageAdjustment).meta({
        examples: [{ meter: "exports", by: -12, reason: "Twelve exports failed" }],
      }),
      answers: { 200: { description: "The meter after it", schema: currentMeter } },
      errors: ["NOT_FOUND", "METER_NOT_FOUND"],
      async handle({ ctx, params, body }) {
        return ok(wireMeter(await adjustUsage(ctx, { id: params.id, ...body })));
      },
    }),
  ];
}

function wireMeter({ meter, period, startsOn, endsOn, used, limit, reserved, overage }: CurrentMeter) {
  return {
    meter,
    period,
    starts_on: startsOn,
    ends_on: endsOn,
    used,
    limit,
    reserved,
    remaining: remainingUnits({ limit, used, reserved }),
    overage,
  };
}
