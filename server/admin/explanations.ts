// Why a license is or is not usable on a device, by the license's id or its key.
import { z } from "zod";
import { explainValidation, explainValidationByKey } from "../domain/devices/explain.ts";
import { componentsOf, explanationQuery, keyExplanationQuery } from "../domain/devices/inputs.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { day, integer, nullableText, oneId, text, time } from "./schemas.ts";
import { queryOf, wire } from "./wire.ts";

const value = z.union([z.number(), z.string()]).nullable();

const device = z.object({
  id: integer.describe("The activation's id"),
  hardware_id: text.describe("The device's fingerprint"),
  machine_name: nullableText.describe("The device's name"),
  last_heartbeat: time,
});

const remedy = z.object({
  action: text.describe("What to do"),
  sentence: text.describe("What to do, with its values"),
  changes: z.record(text, z.unknown()).nullable().describe(
    "Fields to send to PATCH /api/admin/licenses/{id}; null where it is no update of the license",
  ),
  devices: z.array(device).describe(
    "Devices of which one has to be deactivated, the one that was idle longest first",
  ),
});

const explanation = z.object({
  license_id: integer.describe("The license's id"),
  hardware_hash: nullableText.describe("The device's fingerprint; null: a new device"),
  on: day,
  verify: text.describe("The code of a verification"),
  activate: text.describe("The code of an activation"),
  session: text.describe("The code of the start of a session"),
  replaces: device.nullable().describe(
    "The idle device whose activation this one takes, as the license is full; null: none",
  ),
  checks: z.array(z.object({
    name: text.describe("The check"),
    passed: z.boolean().describe("Whether it passed"),
    code: text.describe("The code when it fails"),
    actual: value.describe("The value that was compared"),
    limit: value.describe("The value of the license that it was compared with"),
    meter: text.optional().describe("The meter; only in checks of metered use"),
    sentence: text.describe("What it found"),
    remedies: z.array(remedy).describe("Changes after which it passes; empty when it does"),
  })).describe("Every check, in order; the first that fails is the code"),
}).meta({
  id: "LicenseExplanation",
  examples: [{
    license_id: 1,
    hardware_hash: "unique-hardware-identifier",
    on: "2025-06-19",
    verify: "NOT_ACTIVATED",
    activate: "ACTIVATION_LIMIT_REACHED",
    session: "NOT_ACTIVATED",
    replaces: null,
    checks: [{
      name: "activation_limit",
      passed: false,
      code: "ACTIVATION_LIMIT_REACHED",
      actual: 5,
      limit: 5,
      sentence: "All activations are used: 5 of 5.",
      remedies: [
        {
          action: "raise_activation_limit",
          sentence: "Raise the activation limit to 6.",
          changes: { max_activations: 6 },
          devices: [],
        },
        {
          action: "deactivate_device",
          sentence: "Deactivate one of these devices: DESKTOP-ABC123 (last seen 2025-02-01).",
          changes: null,
          devices: [{
            id: 123,
            hardware_id: "another-hardware-identifier",
            machine_name: "DESKTOP-ABC123",
            last_heartbeat: "2025-02-01T14:30:00Z",
          }],
        },
      ],
    }],
  }],
});

const description =
  "Every check of verification, activation, sessions and metered use, with the values it compared and what would change the " +
  "answer. " +
  "Nothing is changed, and no heartbeat is recorded.";

export function explanationEndpoints({ viewer: guard }: Guards): Endpoint[] {
  const common = { method: "get", tag: "Licenses", dialect: documentedForm, guard } as const;
  const answers = { 200: { description: "The checks, in order", schema: explanation } };
  return [
    endpoint({
      ...common,
      path: "/api/admin/licenses/explain",
      operationId: "explainLicenseKey",
      summary: "Explain the validation of a license key",
      description,
      query: queryOf(keyExplanationQuery),
      answers,
      errors: ["INVALID_LICENSE"],
      handle: async ({ ctx, query: { hardwareHash: hardwareId = null, components, ...query } }) =>
        ok(
          wire(
            await explainValidationByKey(ctx, { ...query, hardwareId, components: componentsOf(components) }),
          ),
        ),
    }),
    endpoint({
      ...common,
      path: "/api/admin/licenses/{id}/explain",
      operationId: "explainLicense",
      summary: "Explain the validation of a license",
      description,
      params: oneId,
      query: queryOf(explanationQuery),
      answers,
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params: { id: licenseId }, query }) => {
        const { hardwareHash: hardwareId = null, components, ...given } = query;
        const input = { ...given, licenseId, hardwareId, components: componentsOf(components) };
        return ok(wire(await explainValidation(ctx, input)));
      },
    }),
  ];
}
