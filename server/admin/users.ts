// Users of apps: list, create, edit, enable and disable.
import { z } from "zod";
import { updateUser } from "../domain/accounts/edit_user.ts";
import { newUser, userChanges, userList } from "../domain/accounts/inputs.ts";
import { createListedUser, getListedUser, listUsers } from "../domain/accounts/list_users.ts";
import { disableUser, enableUser } from "../domain/accounts/disable_user.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { resourceEndpoints } from "./resource_endpoints.ts";
import { metadataField, oneId, revisionField, tagged, time } from "./schemas.ts";
import { wire } from "./wire.ts";

export const user = z.object({
  id: z.int().describe("The user's id"),
  email: z.string().describe("Sign-in email address"),
  name: z.string().describe("Name"),
  ...tagged,
  ...metadataField,
  has_password: z.boolean().describe("Whether the user has a password; false: signs in by links only"),
  licenses: z.int().describe("Number of licenses of the user"),
  created_at: time,
  updated_at: time,
  disabled_at: time.nullable(),
  last_seen_at: time.nullable(),
  mail_problem: z.string().nullable().describe(
    "Why the last email was not delivered; null when it was",
  ),
  ...revisionField,
}).meta({ id: "UserAccount" });

export function userEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Users", dialect: documentedForm } as const;
  const setEnabled = (action: "enable" | "disable") =>
    endpoint({
      ...common,
      method: "post",
      path: `/api/admin/users/{id}/${action}`,
      operationId: `${action}User`,
      summary: action === "enable" ? "Enable a user" : "Disable a user",
      guard: guards.manager,
      changes: true,
      params: oneId,
      answers: { 200: { description: `The user, ${action}d`, schema: user } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        await (action === "enable" ? enableUser : disableUser)(ctx, params.id);
        return ok(wire(await getListedUser(ctx, params.id)));
      },
    });
  return [
    ...resourceEndpoints({
      name: { entity: "User", label: "user" },
      path: "/api/admin/users",
      tag: "Users",
      reads: guards.viewer,
      writes: guards.manager,
      schema: user,
      list: { input: userList, verb: listUsers },
      columns: {
        Id: (row) => row.id,
        Email: (row) => row.email,
        Name: (row) => row.name,
        Licenses: (row) => row.licenses,
        Created: (row) => row.createdAt,
      },
      get: getListedUser,
      create: { input: newUser, verb: createListedUser },
      update: { input: userChanges, verb: updateUser },
    }),
    setEnabled("enable"),
    setEnabled("disable"),
  ];
}
