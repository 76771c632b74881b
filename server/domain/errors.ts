// Every error of the domain: a stable code and the typed facts that go with it. Statuses, sentences and wire names
// belong to the adapters (`server/request/error_form.ts`, the dialects). Anything else that is thrown is a bug.
import type { FileProblem } from "./sheets/file_problem.ts";

import type { CalendarDay } from "./calendar.ts";

/** What can be missing or exist already. */
export type SubjectKind =
  | "activity"
  | "administrator"
  | "anomaly"
  | "api_key"
  | "api_request"
  | "contact"
  | "customer"
  | "delivery"
  | "device"
  | "event"
  | "identity"
  | "invitation"
  | "job"
  | "lead"
  | "license"
  | "mail"
  | "mail_template"
  | "notification"
  | "passkey"
  | "plan"
  | "preference"
  | "product"
  | "release"
  | "resource"
  | "session"
  | "setting"
  | "signing_key"
  | "status_list"
  | "subscription"
  | "user"
  | "webhook";

export type InvalidReason =
  | "address_not_allowed"
  | "before_valid_from"
  | "common_password"
  | "contradicts"
  | "credentials_in_url"
  | "empty"
  | "ends_too_late"
  | "more_than_reserved"
  | "more_than_used"
  | "in_the_past"
  | "missing_column"
  | "no_machine_trial"
  | "no_name_column"
  | "no_such_heading"
  | "not_a_header_name"
  | "not_a_header_value"
  | "not_a_plan_of_this_product"
  | "not_a_release_version"
  | "not_a_template"
  | "not_a_url"
  | "not_a_version"
  | "not_allowed"
  | "not_found"
  | "not_of_this_lead"
  | "one_of"
  | "password_of_account"
  | "placeholder"
  | "required"
  | "reserved_header"
  | "too_large"
  | "too_long"
  | "too_many"
  | "too_small"
  | "twice"
  | "unknown_column"
  | "unknown_event"
  | "unreadable";

/** What a template of a mail is refused for; `value` of the error is the part of it. */
export type TemplateProblem =
  | "button_not_alone"
  | "button_target"
  | "unknown_variable"
  | "variable_missing"
  | "variable_not_closed"
  | "variable_not_in_subject"
  | "variable_not_opened";

export interface InvalidRequest {
  /** The input the error is about. */
  field?: string;
  reason: InvalidReason;
  subject?: SubjectKind;
  /** The part of the input that is not accepted. */
  value?: string;
  /** The other input that it contradicts. */
  other?: string;
  /** What would be accepted. */
  known?: string[];
  expectation?: string;
  minimum?: number;
  maximum?: number;
  /** The line of a file or template, counted from 1. */
  line?: number;
  /** The character of the line, counted from 1. */
  column?: number;
  /** Why a file is not read. */
  problem?: FileProblem;
  /** What is wrong in the template of a mail. */
  templateProblem?: TemplateProblem;
}

export type ConflictReason =
  | "already_exists"
  | "already_open"
  | "already_resolved"
  | "allocated"
  | "changed_since"
  | "disabled"
  | "ends_no_later"
  | "has_licenses"
  | "has_usable_licenses"
  | "last_second_factor"
  | "merged"
  | "import_running"
  | "never_expires"
  | "no_duration"
  | "no_password"
  | "already_announced"
  | "no_signing_key"
  | "not_started"
  | "parent_deleted"
  | "second_factor_enabled"
  | "second_factor_not_pending"
  | "too_long_together"
  | "too_many"
  | "too_many_together";

/** Why an identity provider's answer lets no one in. */
export type IdentityRefusal =
  | "another_person"
  | "denied"
  | "disabled"
  | "email_not_verified"
  | "invalid_answer"
  | "last_owner"
  | "linked_to_another"
  | "no_role"
  | "not_asked_again"
  | "not_started_here"
  | "unknown";

/** Why a text is no request for a license file. */
export type OfflineRequestProblem =
  | "field"
  | "incomplete"
  | "license_file"
  | "not_found"
  | "several"
  | "too_long"
  | "unreadable";

export interface Conflict {
  reason: ConflictReason;
  subject?: SubjectKind;
  field?: string;
  /** Licenses that belong to what was to be deleted. */
  licenses?: number;
  /** Whether there are more of them than that. */
  areMoreLicenses?: boolean;
  licenseId?: number;
  /** The customer that a merged one became. */
  customerId?: number;
  maximum?: number;
}

/** A code without facts. */
type NoFacts = Record<never, never>;

/** The codes, each with its facts. */
export interface ErrorFacts {
  INVALID_REQUEST: InvalidRequest;
  /** `signature`: the refusal as a signed validation, for callers that sent a nonce. */
  INVALID_LICENSE: { field?: string; reason?: "format_invalid" | "not_found"; signature?: string };
  LICENSE_INACTIVE: NoFacts;
  LICENSE_NOT_YET_VALID: { validFrom: CalendarDay };
  /** `version_unknown`: some versions of the app stay valid, and the app's is unknown. */
  LICENSE_EXPIRED: { validUntil: CalendarDay | null; reason?: "version_unknown" };
  /** `updatesUntil`: the last day whose releases are included. */
  VERSION_NOT_ENTITLED: { versions: string | null; updatesUntil: CalendarDay | null };
  /** `not_found`: nothing to deactivate. */
  NOT_ACTIVATED: { reason?: "not_found" };
  ACTIVATION_INACTIVE: NoFacts;
  ACTIVATION_LIMIT_REACHED: { maxActivations: number; currentActivations: number };
  /** `per`: who had a trial of the product. */
  TRIAL_ALREADY_USED: { per: "user" | "machine" | "customer" };
  /** The license has no license files. */
  OFFLINE_NOT_ALLOWED: NoFacts;
  /** No file has this removal code. */
  REMOVAL_CODE_INVALID: NoFacts;
  /** The device was activated again since its app made the code. */
  REMOVAL_CODE_OUTDATED: NoFacts;
  /** `field`: that of the request whose value is missing or not accepted. */
  OFFLINE_REQUEST_INVALID: { reason: OfflineRequestProblem; field?: string };
  /** From `availableAt` on there is room for one more. */
  NEW_MACHINES_LIMIT_REACHED: { maxNewMachines: number; availableAt: Date };
  /** `licenseId`: the license on which it is active, for administrators. */
  MACHINE_ALREADY_ACTIVATED: { within: "plan" | "product" | "customer"; licenseId?: number };
  /** `waiting`: those for whom free seats are kept, where there are any. */
  SESSION_LIMIT_REACHED: { maxUsers: number; activeSessions: number; waiting?: number };
  SESSION_NOT_FOUND: NoFacts;
  /** `meters`: those that the license has. */
  METER_NOT_FOUND: { meter: string; meters: string[] };
  /** `periodEnds`: when use starts at 0 again; null: never. */
  USAGE_LIMIT_REACHED: {
    meter: string;
    limit: number;
    used: number;
    reserved: number;
    periodEnds: Date | null;
  };
  RESERVATION_NOT_FOUND: NoFacts;
  RESERVATION_ENDED: { reason: "committed" | "released" | "lapsed" };
  TICKET_NOT_FOUND: NoFacts;
  NO_RELEASE: NoFacts;
  PRODUCT_REQUIRED: { field: string; products: string[] };
  NOT_FOUND: { subject?: SubjectKind; field?: string; resourceIds?: number[] };
  CONFLICT: Conflict;
  /** The object was changed since the named revision. `current`: its values that can be edited. */
  REVISION_OUTDATED: { subject: SubjectKind; revision: string; current: Record<string, unknown> };
  RESOURCES_ALLOCATED: { field: string; resourceIds: number[]; identifiers: string[] };
  PAYLOAD_TOO_LARGE: { maxRows?: number; maxBytes?: number };
  API_KEY_INVALID: NoFacts;
  FORBIDDEN: { requiredRole?: "viewer" | "manager" | "owner" };
  /** `ended`: the session was signed out, has expired, or its administrator is disabled. */
  SIGN_IN_REQUIRED: { reason?: "ended" };
  SIGN_IN_FAILED: NoFacts;
  SECOND_FACTOR_REQUIRED: { field?: string; reason?: "wrong" };
  /** `not_used`: the account owns one, and the session was opened without it. */
  SECOND_FACTOR_MISSING: { reason?: "not_used" };
  REAUTHENTICATION_REQUIRED: NoFacts;
  PASSKEY_INVALID: NoFacts;
  /** The account's next attempt has to wait; `retryAfter` in seconds. */
  RATE_LIMITED: { retryAfter: number };
  INVITATION_INVALID: { reason?: "accepted" | "withdrawn" | "expired" | "unknown" };
  /** The link to create the first owner. `done`: there is an administrator. */
  SETUP_INVALID: { reason: "done" | "expired" | "unknown" };
  /** The link to choose a new password of an administrator. */
  PASSWORD_LINK_INVALID: NoFacts;
  IDENTITY_REFUSED: { reason: IdentityRefusal };
  /** Passwords and passkeys open no session. */
  IDENTITY_PROVIDER_REQUIRED: NoFacts;
  LAST_OWNER: NoFacts;
  CREDENTIALS_INVALID: { field?: string };
  MAGIC_LINK_INVALID: NoFacts;
  SESSION_TOKEN_REQUIRED: NoFacts;
  /** `ended`: the session was signed out, has expired, or its user is disabled. */
  SESSION_TOKEN_INVALID: { reason?: "ended" };
  SESSION_EXPIRED: NoFacts;
  NO_ENTITLEMENT: NoFacts;
  DEVICE_NOT_FOUND: NoFacts;
  IDEMPOTENCY_KEY_REUSED: NoFacts;
  /** More work of a kind waits than the process takes on. `retryAfter` in seconds. */
  OVERLOADED: { retryAfter: number };
}

export type ErrorCode = keyof ErrorFacts;

/** The facts of a code as an argument, which can be left out where none is required. */
type FactsArgument<Code extends ErrorCode> = NoFacts extends ErrorFacts[Code] ? [facts?: ErrorFacts[Code]]
  : [facts: ErrorFacts[Code]];

/** An error of the domain. Its message is its code, for logs. */
export class DomainError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "DomainError";
  readonly facts: ErrorFacts[Code];

  constructor(readonly code: Code, ...[facts]: FactsArgument<Code>) {
    super(code);
    this.facts = facts ?? {} as ErrorFacts[Code];
  }
}

/** Whether something thrown is a domain error of that code. */
export function isDomainError<Code extends ErrorCode>(
  error: unknown,
  code: Code,
): error is DomainError<Code> {
  return error instanceof DomainError && error.code === code;
}

/**
 * Throws the domain error of a code.
 *
 * @throws DomainError of that code
 */
export function refuse<Code extends ErrorCode>(code: Code, ...facts: FactsArgument<Code>): never {
  throw new DomainError(code, ...facts);
}
