// Violations of named constraints as domain errors.
import { PostgresError, violatedConstraint } from "../../db/connect.ts";
import { DomainError, type SubjectKind } from "./errors.ts";

/** Unique constraints: what exists already, and the field that makes it so. */
const unique = new Map<string, [subject: SubjectKind, field: string]>([
  ["products_code_unique", ["product", "code"]],
  ["plans_code_unique", ["plan", "code"]],
  ["releases_version_key_unique", ["release", "version"]],
  ["resources_identifier_unique", ["resource", "identifier"]],
  ["users_email_unique", ["user", "email"]],
]);

/** Referencing columns: what is missing, and the field that names it. */
const references = new Map<string, [subject: SubjectKind, field: string]>([
  ["product_id", ["product", "productId"]],
  ["customer_id", ["customer", "customerId"]],
  ["plan_id", ["plan", "planId"]],
  ["license_id", ["license", "licenseId"]],
  ["institution_id", ["lead", "institutionId"]],
]);

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const FOREIGN_KEY_VIOLATION = "23503";

/**
 * Runs `work` and converts the violation of a constraint to a domain error.
 *
 * @throws DomainError `CONFLICT` for a duplicate value, `INVALID_REQUEST` for a reference to a missing row or a period that
 *   ends too late
 */
export async function mapConstraintErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PostgresError ? domainErrorOf(error) ?? error : error;
  }
}

function domainErrorOf(error: InstanceType<typeof PostgresError>): DomainError | null {
  const { constraint, table } = violatedConstraint(error);
  const duplicate = unique.get(constraint);
  if (duplicate) {
    const [subject, field] = duplicate;
    return new DomainError("CONFLICT", { reason: "already_exists", subject, field });
  }
  if (constraint === "anomalies_open_once") {
    return new DomainError("CONFLICT", { reason: "already_open", subject: "anomaly", field: "anomalyId" });
  }
  if (constraint === "licenses_valid_until_after_valid_from") {
    return new DomainError("INVALID_REQUEST", { field: "validUntil", reason: "before_valid_from" });
  }
  // Raised by the function of this name in 0006_licenses.sql.
  if (constraint === "period_end") return new DomainError("INVALID_REQUEST", { reason: "ends_too_late" });
  const reference = references.get(constraint.replace(`${table}_`, "").replace(/_fkey$/, ""));
  if (error.code === FOREIGN_KEY_VIOLATION && reference) {
    const [subject, field] = reference;
    return new DomainError("INVALID_REQUEST", { field, reason: "not_found", subject });
  }
  return null;
}
