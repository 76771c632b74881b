// POST /api/license/usage/increment, reserve, commit and release, and GET /api/license/usage: metered use.
import { z } from "zod";
import { code } from "../../domain/input_fields.ts";
import { commitReservation, releaseReservation } from "../../domain/meters/end.ts";
import { meterAmount, reservationTtl } from "../../domain/meters/inputs.ts";
import type { MeterReceipt } from "../../domain/meters/meter.ts";
import { incrementUsage, reserveUsage } from "../../domain/meters/take.ts";
import { getUsageByKey } from "../../domain/meters/usage.ts";
import { created, endpoint, ok } from "../../request/endpoint.ts";
import { documentedForm } from "../../request/error_form.ts";
import { text } from "../../request/fields.ts";
import type { Guards } from "../../request/guards.ts";
import { balance, meterUsage, wireBalance, wireMeters } from "../../request/wire_meters.ts";
import { appVersion, licenseKey, time } from "./fields.ts";
import { wireTime } from "./wire.ts";

const meter = code.describe("The meter's name, as in the terms of the license");
const amount = meterAmount.default(1).describe("Units");
const hardwareHash = text(255).nullish().describe(
  "The device's fingerprint; where it is given, the license has to be activated on it",
);
const usedVersion = appVersion.nullish().describe(
  "Version of the app, for licenses on which it decides; by default the one that the device of hardware_hash reported last",
);
const reservationId = z.guid().describe("The reservation's id, as returned by reserve");

const receipt = z.object({
  id: z.guid().describe("One for each count: two answers with the same id are one count"),
  meter,
  amount: z.int().describe("Units of this call"),
  ...balance,
}).meta({
  id: "UsageReceipt",
  examples: [{
    id: "019a5c1e-3f40-7a2b-8c3d-4e5f60718293",
    meter: "exports",
    amount: 1,
    used: 412,
    reserved: 0,
    limit: 1000,
    remaining: 588,
    over_limit: false,
    period_start: "2026-01-01T00:00:00Z",
    period_ends: "2026-02-01T00:00:00Z",
  }],
});

const reservation = receipt.extend({
  reservation: reservationId,
  expires_at: time.describe("When the reservation lapses and its units come back"),
}).meta({
  id: "UsageReservation",
  examples: [{
    id: "019a5c1e-3f40-7a2b-8c3d-4e5f60718293",
    meter: "exports",
    amount: 5,
    used: 412,
    reserved: 5,
    limit: 1000,
    remaining: 583,
    over_limit: false,
    period_start: "2026-01-01T00:00:00Z",
    period_ends: "2026-02-01T00:00:00Z",
    reservation: "2f4c8f0e-6a43-4a55-9d0c-0d6c3f3f9b11",
    expires_at: "2026-01-19T10:31:00Z",
  }],
});

const exampleUse = { license_key: "XXXX-XXXX-XXXX-XXXX", meter: "exports" };

const takeErrors = [
  "INVALID_LICENSE",
  "LICENSE_INACTIVE",
  "LICENSE_NOT_YET_VALID",
  "LICENSE_EXPIRED",
  "VERSION_NOT_ENTITLED",
  "NOT_ACTIVATED",
  "ACTIVATION_INACTIVE",
  "METER_NOT_FOUND",
  "USAGE_LIMIT_REACHED",
] as const;

export function usageCalls(guards: Guards) {
  const common = { tag: "Metered use", dialect: documentedForm, guard: guards.apiKey } as const;
  const change = { ...common, method: "post", changes: true } as const;
  return [
    endpoint({
      ...change,
      path: "/api/license/usage/increment",
      operationId: "incrementUsage",
      summary: "Count units of a meter",
      description:
        "Counts all units or, when too few are left, none. Send an Idempotency-Key, so that a repeated request counts once.",
      body: z.object({
        license_key: licenseKey,
        hardware_hash: hardwareHash,
        app_version: usedVersion,
        meter,
        amount,
      }).meta({ examples: [{ ...exampleUse, amount: 1 }] }),
      answers: { 200: { description: "The units are counted", schema: receipt } },
      errors: [...takeErrors],
      async handle({ ctx, body }) {
        return ok(wireReceipt(
          await incrementUsage(ctx, {
            licenseKey: body.license_key,
            hardwareId: body.hardware_hash ?? null,
            appVersion: body.app_version ?? null,
            meter: body.meter,
            amount: body.amount,
          }),
        ));
      },
    }),

    endpoint({
      ...change,
      path: "/api/license/usage/reserve",
      operationId: "reserveUsage",
      summary: "Reserve units of a meter",
      description:
        "Holds units for work that may fail: commit them when it is done, or release them. Otherwise they come back when the reservation lapses.",
      body: z.object({
        license_key: licenseKey,
        hardware_hash: hardwareHash,
        app_version: usedVersion,
        meter,
        amount,
        ttl: reservationTtl.default(60).describe("Seconds until the reservation lapses, at most an hour"),
      }).meta({ examples: [{ ...exampleUse, amount: 5, ttl: 60 }] }),
      answers: { 201: { description: "The units are reserved", schema: reservation } },
      errors: [...takeErrors],
      async handle({ ctx, body }) {
        const { reservationId, expiresAt, ...receipt } = await reserveUsage(ctx, {
          licenseKey: body.license_key,
          hardwareId: body.hardware_hash ?? null,
          appVersion: body.app_version ?? null,
          meter: body.meter,
          amount: body.amount,
          ttl: body.ttl,
        });
        return created({
          ...wireReceipt(receipt),
          reservation: reservationId,
          expires_at: wireTime(expiresAt),
        });
      },
    }),

    endpoint({
      ...change,
      path: "/api/license/usage/commit",
      operationId: "commitUsage",
      summary: "Commit a reservation",
      description:
        "Counts the reserved units in the period in which they were reserved, also when the license has expired since.",
      body: z.object({
        reservation: reservationId,
        amount: meterAmount.min(0).nullish().describe(
          "Units that were used; the rest comes back. By default all that were reserved",
        ),
      }).meta({ examples: [{ reservation: "2f4c8f0e-6a43-4a55-9d0c-0d6c3f3f9b11", amount: 4 }] }),
      answers: { 200: { description: "The units are counted", schema: receipt } },
      errors: ["RESERVATION_NOT_FOUND", "RESERVATION_ENDED"],
      async handle({ ctx, body }) {
        const { reservation, amount = null } = body;
        return ok(wireReceipt(await commitReservation(ctx, { reservationId: reservation, amount })));
      },
    }),

    endpoint({
      ...change,
      path: "/api/license/usage/release",
      operationId: "releaseUsage",
      summary: "Release a reservation",
      body: z.object({ reservation: reservationId }),
      answers: { 200: { description: "The units are given back; amount is 0", schema: receipt } },
      errors: ["RESERVATION_NOT_FOUND", "RESERVATION_ENDED"],
      async handle({ ctx, body }) {
        return ok(wireReceipt(await releaseReservation(ctx, body.reservation)));
      },
    }),

    endpoint({
      ...common,
      method: "get",
      path: "/api/license/usage",
      operationId: "getUsage",
      summary: "Get the use of all meters",
      query: z.object({ license_key: licenseKey }),
      answers: {
        200: {
          description: "The meters of the license in their current periods",
          schema: z.object({
            license_key: z.string().describe("The license key, as it was issued"),
            usage: z.record(z.string(), meterUsage).describe("The meters by their names"),
          }).meta({
            id: "LicenseUsage",
            examples: [{
              license_key: "XXXX-XXXX-XXXX-XXXX",
              usage: {
                exports: {
                  used: 412,
                  reserved: 0,
                  limit: 1000,
                  remaining: 588,
                  over_limit: false,
                  period_start: "2026-01-01T00:00:00Z",
                  period_ends: "2026-02-01T00:00:00Z",
                  period: "month",
                  overage: 25,
                },
              },
            }],
          }),
        },
      },
      errors: ["INVALID_LICENSE"],
      async handle({ ctx, query }) {
        const { licenseKey, meters } = await getUsageByKey(ctx, query.license_key);
        return ok({ license_key: licenseKey, usage: wireMeters(meters) });
      },
    }),
  ];
}

function wireReceipt({ id, meter, amount, ...rest }: MeterReceipt) {
  return { id, meter, amount, ...wireBalance({ meter, ...rest }) };
}
