// The fields of the Upload Bridge API, as they are called and described on the wire.
import { z } from "zod";
import { isEmail, optionalText } from "../fields.ts";

export const requiredEmail = z.string().trim().min(1).max(254)
  .refine((email) => email === "" || isEmail(email), "must be a valid email address")
  .describe("The user's address; case does not matter");

export const deviceId = optionalText(255).describe(
  "The machine's fingerprint, as the app computes it; without one nothing is registered",
);
export const deviceName = optionalText(255).describe("The machine's name, as its owner knows it");

export const time = z.string().describe("An instant in UTC, ISO 8601");
const seconds = z.int().describe("Seconds since 1970");

export const entitlementToken = z.object({
  sub: z.string().describe("The user's id"),
  email: z.string(),
  plan: z.string().describe("The plan's code"),
  features: z.array(z.string()),
  max_devices: z.int(),
  expires_at: seconds.nullable().describe("When the license ends; null is never"),
  iat: seconds,
  exp: seconds.describe("When this token ends"),
  product: z.string().describe("The product's code"),
  issued_at: seconds.describe("As iat"),
  device_id: z.string().nullable().describe("The registered device it was issued for"),
  jti: z.string().describe("This token's own id"),
  signature: z.string().describe(
    "A JWS over the same claims (EdDSA with Ed25519), to be checked with /.well-known/jwks.json",
  ),
}).meta({ id: "EntitlementToken" });

export const user = z.object({
  id: z.string().describe("The user's id"),
  email: z.string(),
  name: z.string(),
}).meta({ id: "User" });

export const device = z.object({
  id: z.int().describe("What DELETE /devices/{id} takes"),
  device_id: z.string().describe("The machine's fingerprint"),
  device_name: z.string().describe("The machine's name"),
  last_seen_at: time,
});

export const entitlement = z.object({
  id: z.string().describe("The license's id"),
  plan: z.string().describe("The plan's code"),
  status: z.literal("active"),
  features: z.array(z.string()),
  max_devices: z.int(),
  current_devices: z.int(),
  expires_at: time.nullable().describe("When the license ends; null is never"),
  is_active: z.literal(true),
}).meta({ id: "Entitlement" });
