// The fields of the Upload Bridge API, as they are called and described on the wire.
import { z } from "zod";
import { isEmail, optionalText } from "../../request/fields.ts";

export const requiredEmail = z.string().trim().min(1).max(254)
  .refine((email) => email === "" || isEmail(email), "must be a valid email address")
  .describe("The user's address; case does not matter");

export const deviceId = optionalText(255).describe(
  "The machine's fingerprint, as the app computes it; without one nothing is registered",
);
export const deviceName = optionalText(255).describe("The machine's name, as its owner knows it");

export const time = z.iso.datetime().describe("An instant in UTC");
export const features = z.array(z.string()).describe("Names of the features the plan has");
const maxDevices = z.int().describe("How many devices the license allows");
const seconds = z.int().describe("Seconds since 1970");

export const entitlementToken = z.object({
  sub: z.string().describe("The user's id"),
  email: z.string().describe("The user's address"),
  plan: z.string().describe("The plan's code"),
  features,
  max_devices: maxDevices,
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
}).meta({ id: "EntitlementToken", description: "What an app may believe of its license without asking" });

export const user = z.object({
  id: z.string().describe("The user's id"),
  email: z.string().describe("The user's address"),
  name: z.string().describe("The user's name"),
}).meta({ id: "User", description: "Who is signed in" });

export const device = z.object({
  id: z.int().describe("What DELETE /devices/{id} takes"),
  device_id: z.string().describe("The machine's fingerprint"),
  device_name: z.string().describe("The machine's name"),
  last_seen_at: time,
}).meta({ id: "UserDevice", description: "An active device" });

export const entitlement = z.object({
  id: z.string().describe("The license's id"),
  plan: z.string().describe("The plan's code"),
  status: z.literal("active").describe("Others are not shown"),
  features,
  max_devices: maxDevices,
  current_devices: z.int().describe("How many are registered"),
  expires_at: time.nullable().describe("When the license ends; null is never"),
  is_active: z.literal(true).describe("As status"),
}).meta({ id: "Entitlement", description: "The view a user has of their license" });
