// The fields of the License API, as they are called and described on the wire.
import { z } from "zod";
import { displayLine } from "../../domain/input_fields.ts";
import { entitlementValue } from "../../domain/policy/inputs.ts";
import { licenseStates } from "../../domain/policy/terms.ts";
import { text } from "../../request/fields.ts";

export const licenseKey = z.string().min(1).describe(
  "The license key, as it was pasted: case and dashes do not matter, O counts as 0, I and L as 1, and quotes, line " +
    "breaks and invisible characters are ignored. Imported keys keep their dashes, and their case if they have both",
);
export const hardwareHash = text(255).describe("The device's fingerprint, as computed by the app");
export const machineName = displayLine(255).describe(
  "The device's display name; unprintable characters are removed, and it is truncated to 255 characters",
);
export const appVersion = displayLine(64).describe(
  "Version of the app; unprintable characters are removed, and it is truncated to 64 characters",
);

export const entitlements = z.record(z.string(), entitlementValue).describe(
  "What the app may do: names with true, a number or a text; none while the license is not valid",
);

export const metadata = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).describe(
  "Public metadata of the license: the vendor's keys with a text, a number, true or false",
);

/** Metadata of a device in answers; absent where none is public. */
export const activationMetadata = metadata.optional().describe(
  "Public metadata of the device: keys with a text, a number, true or false; absent where it has none",
);

/** With what the first period of a license begins. */
export const startsWith = z.enum(["first_activation", "first_validation", "first_sign_in"]).optional()
  .describe(
    "With what the license starts; it has no last day until then. Absent once it has started",
  );

export const day = z.iso.date().describe("A calendar day in UTC");
export const time = z.iso.datetime().describe("An instant in UTC");

export const activation = z.object({
  id: z.int().describe("The activation's id"),
  license_key: z.string().describe("The license key, as it was issued"),
  hardware_hash: z.string().describe("The device's fingerprint"),
  machine_name: z.string().nullable().describe("The device's name"),
  activated_at: time,
  last_heartbeat: time,
  is_active: z.boolean().describe("Whether the activation is active"),
  metadata: activationMetadata,
}).meta({ id: "Activation", description: "A device activated on a license" });

/** How a license ends, besides its last day. */
export const expiry = {
  state: z.enum(licenseStates).describe(
    "The license's state; one in grace is valid, and an expired one may be by its terms",
  ),
  grace_ends: day.nullable().describe(
    "Last day of the grace period after valid_until, inclusive; null: none",
  ),
  updates_until: day.nullable().describe(
    "Last day whose releases are included, inclusive; null: as long as the license is valid",
  ),
};

/** The same in an example of a license without such terms. */
export const expiryExample = { state: "active", grace_ends: null, updates_until: null } as const;

export const validationCode = z.enum([
  "VALID",
  "GRACE_PERIOD",
  "LICENSE_INACTIVE",
  "LICENSE_NOT_YET_VALID",
  "LICENSE_EXPIRED",
  "VERSION_NOT_ENTITLED",
  "NOT_ACTIVATED",
  "ACTIVATION_INACTIVE",
]).describe("Validation result code");

export const leaseEnds = time.optional().describe(
  "Present where the license ends activations that are not heard of: the device has to verify or send a heartbeat before",
);
