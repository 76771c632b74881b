// GET /api/license/info/{license_key}: a license's terms and machines.
import { z } from "zod";
import { getLicenseInfo } from "../../domain/activations/license_info.ts";
import { listCurrentMeters } from "../../domain/meters/usage.ts";
import { endpoint, ok } from "../../request/endpoint.ts";
import type { Guards } from "../../request/guards.ts";
import { documentedForm } from "../../request/error_form.ts";
import { meterUsage, wireMeters } from "../../request/wire_meters.ts";
import {
  activation,
  day,
  entitlements,
  expiry,
  expiryExample,
  licenseKey,
  metadata,
  startsWith,
} from "./fields.ts";
import { wireActivation, wireLicense } from "./wire.ts";

const info = z.object({
  license: z.object({
    id: z.int().describe("The license's id"),
    key: z.string().describe("The license key, as it was issued"),
    customer_name: z.string().describe("The customer"),
    type: z.enum(["perpetual", "subscription", "trial"]).describe("License type"),
    valid_from: day.describe("First valid day, inclusive"),
    valid_until: day.nullable().describe("Last valid day, inclusive; null: never expires"),
    max_activations: z.int().describe("Activation limit"),
    max_users: z.int().describe("Concurrent users"),
    is_active: z.boolean().describe("Whether it is enabled"),
    ...expiry,
    starts_with: startsWith,
    entitlements,
    metadata,
  }).describe("The license's terms"),
  activations: z.array(
    activation.omit({ license_key: true }).meta({ id: "ListedActivation", description: "A device" }),
  ).describe(
    "Activations of the license, deactivated ones too, the newest first",
  ),
  usage: z.record(z.string(), meterUsage).optional().describe(
    "The meters of the license by their names, in their current periods; absent where it has none",
  ),
}).meta({
  id: "LicenseInfo",
  examples: [{
    license: {
      id: 123,
      key: "XXXX-XXXX-XXXX-XXXX",
      customer_name: "ACME Corp",
      type: "perpetual",
      valid_from: "2025-01-01",
      valid_until: "2026-01-01",
      max_activations: 5,
      max_users: 10,
      is_active: true,
      ...expiryExample,
      entitlements: { api_access: true, exports: 50, edition: "studio" },
      metadata: { department: "Archive" },
    },
    activations: [{
      id: 456,
      hardware_hash: "unique-hardware-identifier",
      machine_name: "DESKTOP-ABC123",
      activated_at: "2025-06-19T10:00:00Z",
      last_heartbeat: "2025-06-19T14:30:00Z",
      is_active: true,
    }],
  }],
});

export function infoCall(guards: Guards) {
  return endpoint({
    method: "get",
    path: "/api/license/info/{license_key}",
    operationId: "getLicenseInfo",
    summary: "Get a license with its devices",
    tag: "License API",
    dialect: documentedForm,
    guard: guards.apiKey,
    params: z.object({ license_key: licenseKey }),
    answers: { 200: { description: "The license", schema: info } },
    errors: ["INVALID_LICENSE"],
    async handle({ ctx, params }) {
      const { license, activations, hasMeters } = await getLicenseInfo(ctx, params.license_key);
      return ok({
        license: wireLicense(license),
        activations: activations.map(wireActivation),
        ...(hasMeters ? { usage: wireMeters(await listCurrentMeters(ctx, license.id)) } : {}),
      });
    },
  });
}
