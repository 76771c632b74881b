// What a valid row of licenses means: its product, plan, customer and terms.
import type { Metadata } from "../metadata.ts";
import type { NewTerms } from "../licenses/new_license.ts";

export interface ResolvedLicense {
  productId: number;
  /** Null: the customer is created. */
  customerId: number | null;
  newCustomer: { name: string; email?: string };
  userId: number | null;
  terms: NewTerms;
  metadata: Metadata;
}
