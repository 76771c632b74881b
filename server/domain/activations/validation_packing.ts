// What a validation is evaluated on, and how it is cached: a million licenses take some hundred bytes each, and the garbage
// collector never sees them.
import { LRUCache } from "lru-cache";
import { addDays, type CalendarDay, daysBetween, FIRST_DAY } from "../calendar.ts";
import type { Packing } from "../context.ts";
import type { LicenseRow } from "../licenses/license.ts";
import type { StartsWith } from "../licenses/start.ts";
import { noMetadata, type PublicMetadata } from "../metadata.ts";
import { type Entitlements, noEntitlements } from "../policy/entitlements.ts";
import { terms } from "../policy/inputs.ts";
import type { MachineMatching } from "../policy/machine_matching.ts";
import type { LicenseTerms } from "../policy/terms.ts";
import { packOwn, packShared, unpackOwn, unpackShared } from "./shared_values.ts";

export interface ValidationData {
  /** `activationsInUse` may be outdated when the data was cached: activations invalidate nothing. */
  license:
    & LicenseTerms
    & Pick<LicenseRow, "id" | "key" | "productId" | "customerId" | "activationsInUse">
    & { entitlements: Entitlements; metadata: PublicMetadata; hasMeters: boolean };
  /** With what its first period begins, while it has not; such data is not cached. */
  startsWith?: StartsWith | null;
  /** The machine's activation; null when it was never activated. */
  activation: ActivationSnapshot | null;
  /** How the license recognises machines. */
  machineMatching: MachineMatching;
  /** How long an activation stays active without a heartbeat; milliseconds. Null: for ever. */
  lease: number | null;
}

export interface ActivationSnapshot {
  id: number;
  isActive: boolean;
  /** Milliseconds since 1970. It is replaced while the data is cached: `noteHeartbeat`. */
  lastHeartbeat: number;
  /** What `componentMark` gives for the components that the app sent last; null when it sent none. */
  componentMark: number | null;
  metadata: PublicMetadata;
  /** Where it lapsed: whether its license may have room for it again. */
  lapsed?: { mayReturn: boolean };
}

/** Bits of the first number. */
const LICENSE_ACTIVE = 1,
  ENDS = 2,
  ACTIVATION_ACTIVE = 4,
  ENTITLED = 8,
  DESCRIBED = 16,
  METERED = 32,
  MACHINE_DESCRIBED = 64,
  EXPIRY_TERMS = 128,
  LEASED = 256;
/** The unit of leases; milliseconds. */
const MINUTE = 60_000;

const matchings = terms.shape.machineMatching.unwrap().options;

/** As they are packed; the first is the one of nearly all licenses. */
const afterExpiries = [
  "refuse",
  "entitled_versions",
  "allow",
] as const satisfies LicenseTerms["afterExpiry"][];

/**
 * The key has the hardware id and the license key as it was sent, the number is the last heartbeat. Only data of existing
 * licenses with an activation is packed.
 */
export const validationPacking: Packing<ValidationData> = {
  pack({ license, activation, machineMatching, lease }, writer, [, sentKey]) {
    const { validFrom, validUntil, entitlements, metadata } = license;
    const { graceDays, afterExpiry, updatesUntil, versions } = license;
    const isEntitled = Object.keys(entitlements).length > 0;
    const isDescribed = Object.keys(metadata).length > 0;
    const isMachineDescribed = Object.keys(activation!.metadata).length > 0;
    const hasExpiryTerms = graceDays > 0 || afterExpiry !== "refuse" || updatesUntil !== null ||
      versions !== null;
    writer.number(
      (license.isActive ? LICENSE_ACTIVE : 0) + (validUntil ? ENDS : 0) +
        (activation!.isActive ? ACTIVATION_ACTIVE : 0) + (isEntitled ? ENTITLED : 0) +
        (isDescribed ? DESCRIBED : 0) + (license.hasMeters ? METERED : 0) +
        (isMachineDescribed ? MACHINE_DESCRIBED : 0) + (hasExpiryTerms ? EXPIRY_TERMS : 0) +
        (lease === null ? 0 : LEASED),
    );
    writer.number(license.id);
    writer.number(license.productId);
    writer.number(license.customerId);
    writer.number(license.maxActivations);
    // 0: any number.
    writer.number(license.machineOverage === null ? 0 : license.machineOverage + 1);
    writer.number(license.maxUsers);
    writer.number(license.activationsInUse);
    writer.number(activation!.id);
    const { componentMark } = activation!;
    writer.number(matchings.indexOf(machineMatching) * 2 + (componentMark === null ? 0 : 1));
    if (componentMark !== null) writer.number(componentMark);
    writer.number(daysBetween(FIRST_DAY, validFrom));
    if (validUntil) writer.number(daysBetween(FIRST_DAY, validUntil));
    if (lease !== null) writer.number(lease / MINUTE);
    if (isEntitled) packShared(entitlements, writer);
    if (isDescribed) packShared(metadata, writer);
    // That of each machine may be another one.
    if (isMachineDescribed) packOwn(activation!.metadata, writer);
    if (hasExpiryTerms) {
      writer.number(graceDays);
      writer.number(afterExpiries.indexOf(afterExpiry));
      writer.number(updatesUntil === null ? 0 : daysBetween(FIRST_DAY, updatesUntil) + 1);
      writer.text(versions ?? "");
    }
    // Most keys are sent as they were issued.
    writer.text(license.key === sentKey ? "" : license.key);
  },
  numberOf: ({ activation }) => activation!.lastHeartbeat,
  unpack(reader, lastHeartbeat, [, sentKey]) {
    const bits = reader.number();
    const [id, productId, customerId] = [reader.number(), reader.number(), reader.number()];
    const [maxActivations, overage] = [reader.number(), reader.number()];
    const [maxUsers, activationsInUse] = [reader.number(), reader.number()];
    const activationId = reader.number();
    const matching = reader.number();
    const componentMark = matching & 1 ? reader.number() : null;
    const validFrom = dayAfter(reader.number());
    const validUntil = bits & ENDS ? dayAfter(reader.number()) : null;
    const lease = bits & LEASED ? reader.number() * MINUTE : null;
    const entitlements = bits & ENTITLED ? unpackShared<Entitlements>(reader) : noEntitlements;
    const metadata = bits & DESCRIBED ? unpackShared<PublicMetadata>(reader) : noMetadata;
    const machineMetadata = bits & MACHINE_DESCRIBED ? unpackOwn<PublicMetadata>(reader) : noMetadata;
    let graceDays = 0, afterExpiry: LicenseTerms["afterExpiry"] = "refuse";
    let updatesUntil: CalendarDay | null = null, versions: string | null = null;
    if (bits & EXPIRY_TERMS) {
      graceDays = reader.number();
      afterExpiry = afterExpiries[reader.number()];
      const distance = reader.number();
      if (distance > 0) updatesUntil = dayAfter(distance - 1);
      versions = reader.text() || null;
    }
    return {
      license: {
        id,
        key: reader.text() || sentKey,
        productId,
        customerId,
        isActive: (bits & LICENSE_ACTIVE) !== 0,
        validFrom,
        validUntil,
        graceDays,
        afterExpiry,
        updatesUntil,
        versions,
        maxActivations,
        machineOverage: overage === 0 ? null : overage - 1,
        maxUsers,
        deletedAt: null,
        activationsInUse,
        entitlements,
        metadata,
        hasMeters: (bits & METERED) !== 0,
      },
      activation: {
        id: activationId,
        isActive: (bits & ACTIVATION_ACTIVE) !== 0,
        lastHeartbeat,
        componentMark,
        metadata: machineMetadata,
      },
      machineMatching: matchings[matching >> 1],
      lease,
    };
  },
};

/** Days by their distance from the first; licenses begin and end on few different ones. */
const days = new LRUCache<number, CalendarDay>({ max: 5000 });

function dayAfter(distance: number): CalendarDay {
  let day = days.get(distance);
  if (!day) days.set(distance, day = addDays(FIRST_DAY, distance));
  return day;
}
