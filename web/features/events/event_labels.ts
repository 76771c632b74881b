// Descriptions of events, of who caused them and of the values they changed.
import { describeTerm, termFields } from "../terms/term_labels.ts";
import type { EventType } from "../../../server/domain/events/record.ts";
import { systemTitle } from "../../../server/domain/events/catalogue/system_titles.ts";
import { emptyValue, formatDay, formatInstant, formatNumber } from "../../lib/format.ts";
import type { SystemEvent } from "./live_events.ts";

/** The description of each event type. */
export const eventLabels: Record<EventType, string> = {
  "customer.created": "Customer created",
  "customer.updated": "Customer updated",
  "customer.deleted": "Customer deleted",
  "customer.restored": "Customer restored",
  "customer.data_exported": "Personal data of a customer exported",
  "customer.merged": "Customers merged",
  "customer.erased": "Personal data of a customer erased",
  "product.created": "Product created",
  "product.updated": "Product updated",
  "product.deleted": "Product deleted",
  "product.restored": "Product restored",
  "plan.created": "Plan created",
  "plan.updated": "Plan updated",
  "plan.deleted": "Plan deleted",
  "plan.restored": "Plan restored",
  "release.published": "Release published",
  "release.updated": "Release updated",
  "release.deleted": "Release deleted",
  "release.restored": "Release restored",
  "resource.created": "Resource created",
  "resource.updated": "Resource updated",
  "resource.deleted": "Resource deleted",
  "resource.restored": "Resource restored",
  "resource.allocated": "Resource allocated",
  "resource.released": "Resource released",
  "lead.created": "Lead created",
  "lead.updated": "Lead updated",
  "lead.deleted": "Lead deleted",
  "lead.restored": "Lead restored",
  "lead.imported": "Leads imported",
  "lead.won": "Lead won",
  "contact.created": "Contact created",
  "contact.updated": "Contact updated",
  "contact.deleted": "Contact deleted",
  "contact.restored": "Contact restored",
  "lead_activity.recorded": "Lead activity logged",
  "job.requested": "Job created",
  "job.cancelled": "Job cancelled",
  "job.finished": "Job finished",
  "license.created": "License created",
  "license.updated": "License updated",
  "license.started": "License started",
  "license.trial_started": "Trial started on a device",
  "license.renewed": "License renewed",
  "license.enabled": "License enabled",
  "license.disabled": "License disabled",
  "license.change_scheduled": "License change scheduled",
  "license.schedule_cancelled": "Scheduled license change cancelled",
  "license.deleted": "License deleted",
  "license.restored": "License restored",
  "license.activated": "Device activated",
  "license.deactivated": "Device deactivated",
  "activation.imported": "Device imported",
  "activation.rebound": "Device recognised with a new fingerprint",
  "activation.over_limit": "Device activated beyond the limit",
  "activation.replaced": "Device replaced",
  "activation.lapsed": "Device lapsed",
  "activation.metadata_updated": "Metadata of a device changed",
  "activation.updated": "Device updated",
  "seat.started": "Session started",
  "seat.ended": "Session ended",
  "seat.queued": "Waits for a session",
  "seat.unqueued": "Left the session queue",
  "api_key.created": "API key created",
  "api_key.revoked": "API key revoked",
  "api_key.body_logging_changed": "Logging of bodies changed",
  "settings.changed": "Setting updated",
  "license.expiring": "License expiring",
  "license.grace_started": "Grace period started",
  "license.expired": "License expired",
  "license.delivery_requested": "Email with the license key requested",
  "settings.template_changed": "Email template updated",
  "usage.threshold": "Usage threshold reached",
  "usage.limit_reached": "Usage limit reached",
  "usage.adjusted": "Usage corrected",
  "activity.suspicious": "Anomaly detected",
  "anomaly.resolved": "Anomaly resolved",
  "anomaly.reopened": "Anomaly reopened",
  "alert.raised": "Alert raised",
  "alert.cleared": "Alert resolved",
  "webhook.created": "Webhook created",
  "webhook.updated": "Webhook updated",
  "webhook.secret_rotated": "Webhook secret rotated",
  "webhook.enabled": "Webhook enabled",
  "webhook.disabled": "Webhook disabled",
  "webhook.deleted": "Webhook deleted",
  "webhook.tested": "Webhook tested",
  "webhook.replayed": "Deliveries resent",
  "backup.restored": "Backup restored",
  "history.pruned": "Old audit log entries deleted",
  "administrator.created": "Administrator created",
  "administrator.updated": "Administrator updated",
  "administrator.invited": "Administrator invited",
  "administrator.invitation_revoked": "Invitation revoked",
  "administrator.signed_in": "Administrator signed in",
  "administrator.signed_out": "Administrator signed out",
  "administrator.token_created": "Access token created",
  "administrator.identity_linked": "Administrator linked to the identity provider",
  "administrator.identity_unlinked": "Administrator unlinked from the identity provider",
  "administrator.sign_in_refused": "Identity provider sign-in rejected",
  "administrator.password_link_sent": "Password reset link sent to an administrator",
  "administrator.password_changed": "Administrator's password changed",
  "administrator.second_factor_enabled": "Two-factor authentication turned on",
  "administrator.sign_in_failing": "Repeated failed sign-ins of an administrator",
  "administrator.second_factor_disabled": "Two-factor authentication turned off",
  "administrator.passkey_added": "Passkey added",
  "administrator.passkey_removed": "Passkey removed",
  "user.created": "User created",
  "user.updated": "User updated",
  "user.link_requested": "Link sent to a user",
  "user.disabled": "User disabled",
  "user.enabled": "User enabled",
  "user.data_exported": "Personal data of a user exported",
  "user.erased": "Personal data of a user erased",
  "user.signed_in": "User signed in",
  "user.signed_out": "User signed out",
  "user.sign_in_failing": "Repeated failed sign-ins of a user",
  "user.password_set": "User's password set",
  "session.reused": "Refresh-token reuse detected",
  "session.state_changed": "App state changed",
  "trial.started": "Trial started",
  "license.assigned": "License assigned to a user",
  "license_file.issued": "License file issued",
  "license_file.returned": "License file returned",
  "license_file.cloned": "License file used by another device",
  "signing_key.announced": "Next signing key announced",
  "signing_key.created": "Signing key of a product created",
  "signing_key.retired": "Signing key of a product retired",
  "signing_key.rotated": "Signing key rotated",
};

export function describeEvent({ type }: SystemEvent): string {
  return eventLabels[type as EventType] ?? type;
}

/** Who caused it: "Admin", "API key: Shop". */
export function describeActor({ actorKind, actorName }: SystemEvent): string {
  switch (actorKind) {
    case "administrator":
      return actorName ?? "Administrator";
    case "api_key":
      return `API key: ${actorName}`;
    case "user":
      return `User: ${actorName}`;
    case "system":
      return `System (${systemTitle(actorName ?? "")})`;
    default:
      return "Unauthenticated";
  }
}

/** A value of an event as text. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined || value === "") return emptyValue;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return formatNumber(value);
  if (Array.isArray(value)) return value.map(describeValue).join(", ") || emptyValue;
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return formatDay(text);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return formatInstant(text);
  return text;
}

/** The changed values with their names. */
export function changesOf({ before, after }: SystemEvent): [name: string, before: string, after: string][] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]))
    .map((name) => [fieldLabel(name), describeFact(name, before), describeFact(name, after)]);
}

/** A fact of an event as text; one that is absent has no value. */
function describeFact(name: string, facts: SystemEvent["before"]): string {
  const value = facts?.[name];
  return value !== undefined && isTerm(name) ? describeTerm(name, value) : describeValue(value);
}

function isTerm(name: string): name is keyof typeof termFields {
  return Object.hasOwn(termFields, name);
}

/** "graceDays" as "days of grace". */
function fieldLabel(name: string): string {
  if (isTerm(name)) {
    return `${termFields[name].label.charAt(0).toLowerCase()}${termFields[name].label.slice(1)}`;
  }
  return name.replaceAll("_", " ").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
