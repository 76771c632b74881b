// Constraints have names, and a name becomes a refusal: what the database will not take is said in words.
import { PostgresError } from "../../db/connect.ts";
import { refuse } from "./errors.ts";

const taken: Record<string, [field: string, message: string]> = {
  products_code_unique: ["code", "There is a product of this code, perhaps a deleted one."],
  plans_code_unique: ["code", "The product has a plan of this code, perhaps a deleted one."],
  releases_version_unique: ["version", "The product has a release of this version, perhaps a deleted one."],
  resources_identifier_unique: [
    "identifier",
    "There is a resource of this type and name, perhaps a deleted one.",
  ],
  users_email_unique: ["email", "There is an account for this address already."],
};

/** What a missing other end of a reference is called. */
const missing: Record<string, string> = {
  product_id: "There is no product of that id.",
  customer_id: "There is no customer of that id.",
  plan_id: "There is no plan of that id.",
  license_id: "There is no license of that id.",
  institution_id: "There is no lead of that id.",
};

/**
 * Does the work, and turns what a constraint says into a refusal.
 *
 * @throws Refusal `CONFLICT` for what is taken, `INVALID_REQUEST` for what is not there or out of range
 */
export async function mapConstraintErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error;
    const name = error.constraint_name ?? "";
    if (taken[name]) refuse("CONFLICT", { field: taken[name][0] }, { message: taken[name][1] });
    if (name === "licenses_period") {
      refuse("INVALID_REQUEST", { field: "valid_until", reason: "before_valid_from" }, {
        message: "valid_until must not be before valid_from.",
      });
    }
    // A day or duration beyond what the calendar of PostgreSQL holds.
    if (error.code === "22008" || error.code === "22007") {
      refuse("INVALID_REQUEST", { reason: "out_of_range" }, { message: "A day is out of range." });
    }
    const field = name.replace(`${error.table_name}_`, "").replace(/_fkey$/, "");
    if (error.code === "23503" && missing[field]) {
      refuse("INVALID_REQUEST", { field, reason: "not_found" }, { message: missing[field] });
    }
    throw error;
  }
}
