// License files on the wire: the names of their claims.
import { z } from "zod";
import type { FileClaims } from "../domain/license_files/license_file.ts";
import type { StatusListClaims } from "../domain/license_files/status_list.ts";
import { fileText } from "../domain/license_files/inputs.ts";

/** Asks a validation for a new license file. */
export const wantsFile = z.union([z.boolean(), fileText]).nullish().describe(
  "True, or the license file that the app has, for a new one when half its time is over",
);

export const licenseFile = z.string().optional().describe(
  "A new license file, present when the call asks for one, the license allows it, and the last one is past half its time",
);

/** Where a status list is published. */
export function statusListUrl(publicUrl: string, list: string): string {
  return `${publicUrl.replace(/\/$/, "")}/.well-known/license-status/${list}`;
}

/** The claims of a status list under the names of the wire. */
export function wireStatusList({ url, issuedAt, expiresAt, ttl, bits }: StatusListClaims) {
  return { sub: url, iat: issuedAt, exp: expiresAt, ttl, status_list: { bits: 1, lst: bits } };
}

/** The claims of a file under the names of the wire. */
export function wireFileClaims(claims: FileClaims) {
  return {
    iss: claims.issuer,
    iat: claims.issuedAt,
    nbf: claims.issuedAt,
    exp: claims.expiresAt,
    jti: claims.id,
    seq: claims.seq,
    product: claims.product,
    license: claims.licenseId,
    activation: claims.activationId,
    state: claims.state,
    license_ends: claims.licenseEnds,
    grace_ends: claims.graceEnds,
    after_expiry: claims.afterExpiry,
    updates_until: claims.updatesUntil,
    versions: claims.versions,
    max_users: claims.maxUsers,
    entitlements: claims.entitlements,
    metadata: claims.metadata,
    customer: claims.customer,
    machine: claims.machine,
    status: { uri: statusListUrl(claims.issuer, claims.status.list), idx: claims.status.index },
    removal: claims.removal,
  };
}
