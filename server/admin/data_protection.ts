// Requests of persons about their data: export and erasure of a customer and of a user.
import { z } from "zod";
import { erasePersonalData } from "../domain/data_protection/erase.ts";
import { exportPersonalData } from "../domain/data_protection/export.ts";
import { erasureConfirmation } from "../domain/data_protection/inputs.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { integer, oneId, text, time } from "./schemas.ts";
import { bodyOf, wire } from "./wire.ts";

const rows = (of: string) => z.array(z.record(z.string(), z.unknown())).describe(of);

const personalData = z.object({
  format: z.literal("latchkey personal data 1").describe("Name and version of this form"),
  exported_at: time,
  subject: z.object({
    kind: z.enum(["customer", "user"]).describe("Subject of the request"),
    id: integer.describe("Its id"),
    name: text.describe("Its name"),
  }).describe("Whose data it is"),
  customers: rows("The customer, and customers with the same address"),
  users: rows("The user, and the user with the same address; without the password"),
  licenses: rows("Licenses of these customers and users"),
  activations: rows("Devices of these licenses"),
  seats: rows("Active sessions of the app"),
  sessions: rows("Sign-ins of these users"),
  trials: rows("Trials of these users"),
  mails: rows("Emails to the address, and about these customers and users; without their text"),
  mail_subscriptions: rows("Kinds of email the address has unsubscribed from"),
  mailed_links: rows("Links that were emailed to the address"),
  leads: rows("Leads that became these customers"),
  contacts: rows("Contacts with the address, and those of these leads"),
  lead_activities: rows("Activities about them"),
  anomalies: rows("Anomalies of these licenses"),
  events: rows("Events of the audit log"),
}).meta({ id: "PersonalData" });

const erasedData = z.object({
  customers: integer.describe("Customers whose name and address were erased"),
  users: integer.describe("Users whose name, address and password were erased, and who were disabled"),
  machines: integer.describe("Devices that were deactivated and are no longer identifiable"),
  contacts: integer.describe("Contacts of leads that were erased"),
  events: integer.describe("Events from which names were removed"),
}).meta({ id: "ErasedData" });

/** The endpoints for both kinds. */
export function dataProtectionEndpoints(guards: Guards): Endpoint[] {
  const kinds = [
    { kind: "customer", entity: "Customer", path: "/api/admin/customers", tag: "Customers" },
    { kind: "user", entity: "User", path: "/api/admin/users", tag: "Users" },
  ] as const;
  return kinds.flatMap(({ kind, entity, path, tag }) => [
    endpoint({
      method: "post",
      path: `${path}/{id}/export-personal-data`,
      operationId: `export${entity}PersonalData`,
      summary: `Export the personal data of a ${kind}`,
      description: "All data stored about the person, without secrets. The export is recorded as an event.",
      tag,
      dialect: documentedForm,
      guard: guards.owner,
      changes: true,
      params: oneId,
      answers: { 200: { description: "The data", schema: personalData } },
      errors: ["NOT_FOUND", "REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx, params }) => ok(wire(await exportPersonalData(ctx, { kind, id: params.id }))),
    }),
    endpoint({
      method: "post",
      path: `${path}/{id}/erase`,
      operationId: `erase${entity}`,
      summary: `Erase the personal data of a ${kind}`,
      description:
        "Cannot be undone. Licenses, statistics and the audit log are kept without personal data. Rejected while a license is usable.",
      tag,
      dialect: documentedForm,
      guard: guards.owner,
      changes: true,
      params: oneId,
      body: bodyOf(erasureConfirmation).meta({ examples: [{ confirmation: "ACME Corp" }] }),
      answers: { 200: { description: "What was erased", schema: erasedData } },
      errors: ["NOT_FOUND", "CONFLICT", "REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx, params, body }) =>
        ok(wire(await erasePersonalData(ctx, { kind, id: params.id, ...body }))),
    }),
  ]);
}
