// The sentences of conflicts with what exists.
import type { Conflict, SubjectKind } from "../domain/errors.ts";
import { nounOf } from "./nouns.ts";

/** Says what is in conflict, and what to do. */
export function describeConflict(
  { reason, subject, field, maximum, licenses, areMoreLicenses, customerId }: Conflict,
): string {
  switch (reason) {
    case "already_exists":
      return (subject && existing[subject]) ?? "This already exists.";
    case "already_open":
      return "This anomaly is already open, or was detected again since it was resolved.";
    case "already_resolved":
      return "This anomaly is already resolved.";
    case "allocated":
      return "This resource is allocated to a license. Release it first.";
    case "changed_since":
      return "This was changed since you opened it. Load it again, then repeat your change.";
    case "disabled":
      return `This ${subject ? nounOf(subject) : "object"} is disabled. Enable it first.`;
    case "ends_no_later":
      return "Not renewed: its renewals count from today, and it would not end later. Extend it instead.";
    case "has_licenses":
      return `Can't delete: this ${subject} has ${
        licenses === 1 ? "1 license" : `${areMoreLicenses ? "more than " : ""}${licenses} licenses`
      }. Delete ${subject === "customer" ? "or transfer " : ""}${licenses === 1 ? "it" : "them"} first.`;
    case "has_usable_licenses":
      return licenses === 1
        ? "This customer has 1 usable license. Disable or delete it first."
        : `This customer has ${licenses} usable licenses. Disable or delete them first.`;
    case "last_second_factor":
      return "Two-factor authentication is required, and this is your last factor. Add another one first.";
    case "import_running":
      return "Another import is in progress. Try again in a minute.";
    case "merged":
      return `This customer was merged into customer ${customerId}. Use that one.`;
    case "never_expires":
      return "Not renewed: this license never expires.";
    case "no_duration":
      return "Not renewed: this license has no duration. Set its duration, or extend it by a period.";
    case "not_started":
      return "Not renewed: the first period of this license has not started yet.";
    case "no_password":
      return "This administrator signs in with the identity provider only and has no password to reset.";
    case "already_announced":
      return "The next signing key is announced already. Rotate the key to sign with it.";
    case "no_signing_key":
      return "This product has no signing key of its own: the default key signs for it. Create one first.";
    case "parent_deleted":
      return "The license's customer or product is deleted. Restore it first.";
    case "second_factor_enabled":
      return "Two-factor authentication is already on.";
    case "second_factor_not_pending":
      return "No two-factor setup to confirm. Start the setup first.";
    case "too_long_together":
      return `The ${field} of both customers have more than ${maximum} characters together. Shorten them first.`;
    case "too_many_together":
      return `The customers have more than ${maximum} different ${field} together. Remove some first.`;
    case "too_many":
      return `You have ${maximum} preferences. Remove one of them first.`;
  }
}

const existing: Partial<Record<SubjectKind, string>> = {
  administrator: "An administrator with this email already exists.",
  license: "This license key already exists.",
  passkey: "This passkey was already added.",
  plan: "The product already has a plan with this code, perhaps a deleted one.",
  product: "A product with this code already exists, perhaps a deleted one.",
  release: "The product already has a release with this version, perhaps a deleted one.",
  resource: "A resource with this type and name already exists, perhaps a deleted one.",
  signing_key: "This product already has a signing key of its own. Rotate it instead.",
  user: "An account with this email already exists.",
};
