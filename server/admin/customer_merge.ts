// Merging customers: possible duplicates, what a merge would do, and the merge.
import { z } from "zod";
import { listDuplicates } from "../domain/customers/duplicates.ts";
import { customerMerge, customerMergePreview, takenFields } from "../domain/customers/inputs.ts";
import { mergeCustomers, previewMerge } from "../domain/customer_merge/merge.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { describeConflict } from "../request/conflict_messages.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { customer } from "./customers.ts";
import { integer, metadataField, nullableText, oneId, tagged, text } from "./schemas.ts";
import { bodyOf, queryOf, wire } from "./wire.ts";

const duplicate = z.object({
  id: integer.describe("The customer's id"),
  name: text.describe("Name"),
  email: nullableText.describe("Email address"),
  licenses: integer.describe("Number of licenses"),
  reason: z.enum(["same_email", "similar_name"]).describe(
    "same_email: the same address, ignoring case; similar_name: an address of the same domain and a similar name",
  ),
}).meta({ id: "CustomerDuplicate" });

const preview = z.object({
  merged: customer.describe("The customer that would be merged"),
  into: customer.describe("The customer that would stay"),
  differing: z.array(z.enum(takenFields)).describe("Fields of which both have a value, and not the same"),
  result: z.object({
    name: text.describe("Name"),
    email: nullableText.describe("Email address"),
    ...tagged,
    ...metadataField,
  }).describe("What the customer that stays would have when nothing is taken from the other one"),
  moves: z.object({
    licenses: integer.describe("Licenses that are not deleted"),
    deleted_licenses: integer.describe("Deleted licenses"),
    devices: integer.describe("Active devices of the licenses"),
    users: integer.describe("Users that the licenses are assigned to"),
    leads: integer.describe("Leads"),
    mails: integer.describe("Emails"),
  }).describe("How much would move"),
  conflict: nullableText.describe("Why the merge would be refused; null when it would not"),
}).meta({ id: "CustomerMergePreview" });

export function customerMergeEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Customers", dialect: documentedForm, params: oneId } as const;
  const path = "/api/admin/customers/{id}";
  return [
    endpoint({
      ...common,
      method: "get",
      path: `${path}/duplicates`,
      operationId: "listCustomerDuplicates",
      summary: "List possible duplicates of a customer",
      guard: guards.viewer,
      answers: {
        200: {
          description: "At most five, those with the same address first",
          schema: z.object({ duplicates: z.array(duplicate).describe("The possible duplicates") }),
        },
      },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) =>
        ok({
          duplicates: (await listDuplicates(ctx, params.id)).map((row) =>
            wire<z.infer<typeof duplicate>>(row)
          ),
        }),
    }),
    endpoint({
      ...common,
      method: "get",
      path: `${path}/merge`,
      operationId: "previewCustomerMerge",
      summary: "Preview a merge of customers",
      guard: guards.viewer,
      query: queryOf(customerMergePreview),
      answers: { 200: { description: "What would move, and which values differ", schema: preview } },
      errors: ["NOT_FOUND", "CONFLICT"],
      async handle({ ctx, params, query }) {
        const found = await previewMerge(ctx, { ...query, id: params.id });
        const conflict = found.conflict && describeConflict(found.conflict);
        return ok(wire<z.infer<typeof preview>>({ ...found, conflict }));
      },
    }),
    endpoint({
      ...common,
      method: "post",
      path: `${path}/merge`,
      operationId: "mergeCustomer",
      summary: "Merge a customer into another one",
      description:
        "Licenses, leads, emails and anomalies move to the customer that stays. The id of the merged customer leads there from then on: reads answer the customer that stays, new licenses are created for it, and changes are refused with its id. It cannot be undone.",
      guard: guards.manager,
      changes: true,
      body: bodyOf(customerMerge).meta({ examples: [{ into_id: 42, take: ["email"] }] }),
      answers: { 200: { description: "The customer that stays", schema: customer } },
      errors: ["NOT_FOUND", "CONFLICT", "REVISION_OUTDATED"],
      handle: async ({ ctx, params, body }) =>
        ok(wire<z.infer<typeof customer>>(await mergeCustomers(ctx, { ...body, id: params.id }))),
    }),
  ];
}
