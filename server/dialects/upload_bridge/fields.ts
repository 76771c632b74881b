// The fields of the Upload Bridge API, as they are called and described on the wire.
import { z } from "zod";
import { displayLine, emailField } from "../../domain/input_fields.ts";
import { entitlementValue } from "../../domain/policy/inputs.ts";
import { optionalText } from "../../request/fields.ts";
import { admissionFields } from "../../request/wire_admission.ts";
import { shownUsage } from "../../request/wire_meters.ts";

export const requiredEmail = z.string().min(1).pipe(emailField("must be a valid email address"))
  .describe("The user's email address, case-insensitive");

export const deviceId = optionalText(255).describe(
  "The device's fingerprint, as computed by the app; without one no device is registered",
);
export const deviceName = displayLine(255).describe("The device's display name");

export const time = z.iso.datetime().describe("An instant in UTC");
export const features = z.array(z.string()).describe(
  "The plan's feature codes, and the names of the license's entitlements",
);
const entitlements = z.record(z.string(), entitlementValue).describe(
  "What the app may do: names with true, a number or a text",
);
const maxDevices = z.int().describe("Device limit of the license");
/** How a license ends, besides its expiration time. */
export const grace = {
  grace_ends: z.iso.date().nullable().describe(
    "Last day in UTC of the grace period after the expiration time, in which the license stays active; null: none",
  ),
  updates_until: z.iso.date().nullable().describe(
    "Last day in UTC whose releases are included; null: as long as the license is active",
  ),
};
const seconds = z.int().describe("Seconds since 1970");

export const entitlementToken = z.object({
  sub: z.string().describe("The user's id"),
  email: z.string().describe("The user's email address"),
  plan: z.string().describe("The plan's code"),
  features,
  max_devices: maxDevices,
  expires_at: seconds.nullable().describe("Expiration time; null: never expires"),
  iat: seconds,
  exp: seconds.describe("Expiration time of this token, seconds since 1970"),
  product: z.string().describe("The product's code"),
  entitlements,
  issued_at: seconds.describe("Same as iat"),
  device_id: z.string().nullable().describe("The registered device it was issued for"),
  jti: z.string().describe("Id of the token"),
  ...grace,
  signature: z.string().describe(
    "JWS of the same claims (EdDSA with Ed25519, by a setting called Ed25519); the public keys are at /.well-known/jwks.json",
  ),
}).meta({
  id: "EntitlementToken",
  description: "Signed claims about a license, which an app can verify offline",
});

export const user = z.object({
  id: z.string().describe("The user's id"),
  email: z.string().describe("The user's email address"),
  name: z.string().describe("The user's name"),
}).meta({ id: "User", description: "The signed-in user" });

export const device = z.object({
  id: z.int().describe("Id for DELETE /devices/{id}"),
  device_id: z.string().describe("The device's fingerprint"),
  device_name: z.string().describe("The device's name"),
  last_seen_at: time,
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional().describe(
    "Public metadata of the device; absent where it has none",
  ),
}).meta({ id: "UserDevice", description: "A device" });

/** What an answer that registers a device says about the device limit. */
export const admission = admissionFields(device);

export const entitlement = z.object({
  id: z.string().describe("The license's id"),
  plan: z.string().describe("The plan's code"),
  status: z.literal("active").describe("Always active"),
  features,
  entitlements,
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).describe(
    "Public metadata of the license",
  ),
  max_devices: maxDevices,
  current_devices: z.int().describe("Active devices"),
  expires_at: time.nullable().describe("Expiration time; null: never expires"),
  is_active: z.literal(true).describe("Always true"),
  ...grace,
  usage: shownUsage,
}).meta({ id: "Entitlement", description: "The license of a user, as the user sees it" });
