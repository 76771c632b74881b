// Users: who signs in to the apps, and which licenses are theirs.
import { z } from "zod";
import { createListedUser, getListedUser, listUsers } from "../domain/accounts/list_users.ts";
import { updateUser } from "../domain/accounts/edit_user.ts";
import { listSigningKeys } from "../domain/signing/public_keys.ts";
import { rotateSigningKey } from "../domain/signing/rotate.ts";
import { disableUser, enableUser } from "../domain/accounts/users.ts";
import { assignment, newUser, userChanges, userList } from "../domain/accounts/inputs.ts";
import { assignLicense } from "../domain/licenses/assign.ts";
import { getLicenseById } from "../domain/licenses/list.ts";
import { endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { documentedForm } from "../request/error_form.ts";
import { time } from "./fields.ts";
import { nounCalls } from "./noun.ts";
import { license } from "./shapes.ts";
import { bodyOf, wire, wireId } from "./wire.ts";

const user = z.object({
  id: z.int().describe("Its id"),
  email: z.string().describe("The address they sign in with"),
  name: z.string().describe("What they are called"),
  has_password: z.boolean().describe("Whether they have a password, or sign in by links only"),
  licenses: z.int().describe("How many licenses are theirs"),
  created_at: time,
  updated_at: time,
  disabled_at: time.nullable(),
  last_seen_at: time.nullable(),
}).meta({ id: "ListedUser" });

const signingKey = z.object({
  id: z.int().describe("Its id"),
  kid: z.string().describe("The id in the tokens it signed"),
  created_at: time,
  retired_at: time.nullable(),
}).meta({ id: "SigningKey" });

export function userCalls(guards: Guards) {
  const common = { tag: "Users", dialect: documentedForm } as const;
  const params = z.object({ id: wireId.describe("Its id") });
  const withoutSecret = ({ privateKey: _, ...key }: Awaited<ReturnType<typeof rotateSigningKey>>) =>
    wire(key);
  const switching = (state: "on" | "off") =>
    endpoint({
      ...common,
      method: "post",
      path: `/api/admin/users/{id}/switch-${state}`,
      summary: state === "on" ? "Let a user in again" : "Sign a user out everywhere and let them in no more",
      guard: guards.manager,
      changes: true,
      params,
      answers: { 200: { description: "Switched", schema: user } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        await (state === "on" ? enableUser : disableUser)(ctx, params.id);
        return ok(wire(await getListedUser(ctx, params.id)));
      },
    });
  return [
    ...nounCalls({
      many: "users",
      one: "user",
      tag: "Users",
      reads: guards.viewer,
      changes: guards.manager,
      shape: user,
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
      edit: { input: userChanges, verb: updateUser },
    }),
    switching("on"),
    switching("off"),
    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/licenses/{id}/assign",
      summary: "Make a license a user's, or nobody's",
      guard: guards.manager,
      changes: true,
      params,
      body: bodyOf(assignment),
      answers: { 200: { description: "Assigned", schema: license } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, body }) {
        await assignLicense(ctx, { id: params.id, userId: body.userId });
        return ok(wire(await getLicenseById(ctx, params.id)));
      },
    }),
    endpoint({
      ...common,
      tag: "Settings",
      method: "get",
      path: "/api/admin/signing-keys",
      summary: "The keys entitlements are signed with",
      guard: guards.owner,
      answers: {
        200: {
          description: "Those that still check something",
          schema: z.object({ rows: z.array(signingKey).describe("The keys, the one that signs first") }),
        },
      },
      handle: async ({ ctx }) => ok({ rows: (await listSigningKeys(ctx)).map(withoutSecret) }),
    }),
    endpoint({
      ...common,
      tag: "Settings",
      method: "post",
      path: "/api/admin/signing-keys/rotate",
      summary: "Sign with a new key from now on",
      description: "What the old one signed can still be checked.",
      guard: guards.owner,
      changes: true,
      answers: { 200: { description: "The new key", schema: signingKey } },
      handle: async ({ ctx }) => ok(withoutSecret(await rotateSigningKey(ctx))),
    }),
  ];
}
