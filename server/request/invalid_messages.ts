// The messages of requests that are not accepted, by their reason.
import { LAST_DAY } from "../domain/calendar.ts";
import type { InvalidRequest } from "../domain/errors.ts";
import { describeFileProblem } from "./file_messages.ts";
import { snakeCase } from "./names.ts";
import { nounOf } from "./nouns.ts";
import type { RequestErrorFacts } from "./request_error.ts";
import { describeTemplateProblem } from "./template_messages.ts";

/** What is wrong with a request, and what would be accepted. */
export function describeInvalid(
  facts: InvalidRequest | RequestErrorFacts["INVALID_REQUEST"],
): string {
  if ("problems" in facts) return facts.problems.map(({ message }) => message).join(" ");
  return invalid[facts.reason]({ ...facts, field: snakeCase(facts.field ?? "") });
}

const invalid: Record<InvalidRequest["reason"], (facts: InvalidRequest & { field: string }) => string> = {
  address_not_allowed: ({ field }) =>
    `${field} must not lead to a private address. WEBHOOK_ALLOWED_ADDRESSES can allow it.`,
  before_valid_from: ({ field }) => `${field} must not be before valid_from.`,
  common_password: () => "This password is too common. Choose another one; three or four words work well.",
  contradicts: ({ field, other }) => `${field} contradicts ${snakeCase(other!)}. Change one of them.`,
  credentials_in_url: ({ field }) =>
    `${field} must not contain a user or password. Put credentials into a header.`,
  empty: ({ field }) => `${field} needs at least one entry.`,
  ends_too_late: () =>
    `A license would expire after ${LAST_DAY}. Choose a shorter duration, or no expiration date.`,
  more_than_reserved: ({ field, maximum }) => `${field} must be at most ${maximum}, which are reserved.`,
  more_than_used: ({ field, maximum }) =>
    `${field} must be at least ${-maximum!}: no more than ${maximum} are used, so no more can be subtracted.`,
  in_the_past: ({ field }) => `${field} must be in the future. Leave it out for now.`,
  missing_column: ({ value, known = [] }) =>
    `The table needs a column "${value}". Known columns: ${known.join(", ")}.`,
  no_machine_trial: () =>
    "The product has no plan whose trials start once per device. Set trial_per of a trial plan.",
  no_name_column: ({ known = [] }) => `The table needs a column "Name". Known columns: ${known.join(", ")}.`,
  no_such_heading: ({ value }) => `The table has no column "${value}".`,
  not_a_header_name: () => "A header's name has 1 to 64 letters, digits and -.",
  not_a_header_value: ({ value, maximum }) =>
    `The value of ${value} must be at most ${maximum} characters of plain ASCII.`,
  not_a_plan_of_this_product: ({ field }) => `${field} must be a plan of the license's product.`,
  not_a_release_version: ({ field }) =>
    `${field} must follow Semantic Versioning, such as 1.2.3 or 2.0.0-beta.1; four numbers (10.15.7.1) and dates (2026.11.3) are accepted as well.`,
  not_a_template: describeTemplateProblem,
  not_a_url: ({ field }) => `${field} must be a URL such as https://example.com/webhooks.`,
  not_a_version: ({ field }) => `${field} must be a version that begins with a number, such as 1.2.3.`,
  not_allowed: ({ field, expectation }) =>
    field === "cursor"
      ? "cursor belongs to another list or order. Start with the first page."
      : `This value is not allowed${expectation ? `: ${expectation}` : ""}.`,
  not_found: ({ subject, field }) => `No ${subject ? nounOf(subject) : field} with this ID.`,
  not_of_this_lead: ({ field }) => `${field} must be a contact of this lead.`,
  one_of: ({ field, known = [] }) => `${field} must be one of: ${known.join(", ")}.`,
  password_of_account: () =>
    "This password is based on your name, email or the product's name. Choose one that is harder to guess.",
  placeholder: ({ field }) =>
    `${field} is a placeholder that many devices report, not a fingerprint. Compute it from other properties.`,
  required: ({ field }) => `${field} must not be empty.`,
  reserved_header: ({ value }) => `${value} is set by the server itself. Leave it out.`,
  too_large: ({ field, maximum }) => `The ${field} must have at most ${maximum} characters.`,
  too_long: ({ field, maximum }) => `${field} must have at most ${maximum} characters.`,
  too_many: ({ field, maximum }) => `${field} must have at most ${maximum} entries.`,
  too_small: ({ field, minimum }) => `The ${field} must have at least ${minimum} characters.`,
  twice: ({ value }) => `Only one column can be mapped to "${value}".`,
  unknown_column: ({ subject, value, known = [] }) =>
    `${subject === "customer" ? "Customers" : "Leads"} have no column "${value}". Known columns: ${
      known.join(", ")
    }.`,
  unknown_event: ({ field, value }) => `${field} has an unknown event ${value}.`,
  unreadable: describeFileProblem,
};
