// What an owner manages besides: administrators and their invitations, settings, one's own sessions and tokens, many
// licenses at once.
import { z } from "zod";
import { listAdministrators } from "../domain/administrators/administrators.ts";
import {
  inviteAdministrator,
  listInvitations,
  revokeInvitation,
} from "../domain/administrators/invitations.ts";
import { updateAdministrator } from "../domain/administrators/update.ts";
import { endSession, listSessions } from "../domain/administrators/sessions.ts";
import { createAccessToken } from "../domain/administrators/access_tokens.ts";
import { administratorChanges, invitation, newToken } from "../domain/administrators/inputs.ts";
import { extensionInput, licenseIds, manyLicenses } from "../domain/licenses/inputs.ts";
import { requestLicenses } from "../domain/licenses/issue_many.ts";
import { extendLicenses } from "../domain/licenses/extend.ts";
import { restoreLicenses } from "../domain/licenses/manage.ts";
import { changeSetting, describeSettings } from "../domain/settings/settings.ts";
import type { SettingName } from "../domain/settings/schema.ts";
import { created, endpoint, ok } from "../request/endpoint.ts";
import type { Guards } from "../request/guards.ts";
import { documentedForm } from "../request/error_form.ts";
import { time } from "./fields.ts";
import { administrator, job } from "./shapes.ts";
import type { Site } from "../request/services.ts";
import { bodyOf, wire, wireId } from "./wire.ts";

const done = z.object({
  success: z.boolean().describe("Whether it was done"),
  message: z.string().describe("What happened, for people"),
});
const said = (message: string) => ok({ success: true, message });
const oneId = z.object({ id: wireId.describe("Its id") });
const invited = z.object({
  id: z.int().describe("Its id"),
  email: z.string().describe("The address"),
  name: z.string().describe("The name"),
  role: z.enum(["viewer", "manager", "owner"]).describe(
    "viewer reads, manager changes licensing data, owner everything",
  ),
  created_at: time,
  expires_at: time,
});

export function houseCalls(guards: Guards, site: Site) {
  const owners = { tag: "Administrators", dialect: documentedForm, guard: guards.owner } as const;
  const own = { tag: "Administration", dialect: documentedForm, guard: guards.viewer } as const;
  const licensing = { tag: "Licenses", dialect: documentedForm, guard: guards.manager } as const;
  return [
    endpoint({
      ...owners,
      method: "get",
      path: "/api/admin/administrators",
      summary: "List administrators",
      answers: {
        200: {
          description: "All of them",
          schema: z.object({ rows: z.array(administrator).describe("The rows") }),
        },
      },
      handle: async ({ ctx }) => ok({ rows: wire(await listAdministrators(ctx)) }),
    }),
    endpoint({
      ...owners,
      method: "patch",
      path: "/api/admin/administrators/{id}",
      summary: "Change an administrator's name or role, or switch them off",
      changes: true,
      params: oneId,
      body: bodyOf(administratorChanges),
      answers: { 200: { description: "Changed", schema: administrator } },
      errors: ["NOT_FOUND", "LAST_OWNER", "REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx, params, body }) =>
        ok(wire(await updateAdministrator(ctx, { id: params.id, changes: body }))),
    }),
    endpoint({
      ...owners,
      method: "get",
      path: "/api/admin/invitations",
      summary: "List open invitations",
      answers: {
        200: {
          description: "Those that still open",
          schema: z.object({ rows: z.array(invited).describe("The rows") }),
        },
      },
      handle: async ({ ctx }) => ok({ rows: wire(await listInvitations(ctx)) }),
    }),
    endpoint({
      ...owners,
      method: "post",
      path: "/api/admin/invitations",
      summary: "Invite an administrator by mail",
      changes: true,
      body: bodyOf(invitation),
      answers: { 201: { description: "Invited", schema: invited } },
      errors: ["CONFLICT", "REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx, body }) => created(wire(await inviteAdministrator(ctx, body, site.publicUrl))),
    }),
    endpoint({
      ...owners,
      method: "delete",
      path: "/api/admin/invitations/{id}",
      summary: "Withdraw an invitation",
      changes: true,
      params: oneId,
      answers: { 200: { description: "Withdrawn", schema: done } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        await revokeInvitation(ctx, params.id);
        return said("The invitation was withdrawn");
      },
    }),
    endpoint({
      ...owners,
      tag: "Settings",
      method: "get",
      path: "/api/admin/settings",
      summary: "List settings",
      answers: {
        200: {
          description: "Every setting, what it means and may be",
          schema: z.object({
            rows: z.array(z.object({
              name: z.string().describe("The name"),
              description: z.string().describe("What it is for"),
              value: z.unknown().describe("The number"),
              default: z.unknown().describe("The value unless it was changed"),
              allowed: z.record(z.string(), z.unknown()).describe("JSON Schema"),
            })).describe("The rows"),
          }),
        },
      },
      handle: async ({ ctx }) => ok({ rows: await describeSettings(ctx) }),
    }),
    endpoint({
      ...owners,
      tag: "Settings",
      method: "patch",
      path: "/api/admin/settings/{name}",
      summary: "Change a setting",
      changes: true,
      params: z.object({ name: z.string().max(100).describe("The name") }),
      body: z.strictObject({ value: z.unknown().describe("The number") }),
      answers: { 200: { description: "Changed", schema: done } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, body }) {
        await changeSetting(ctx, params.name as SettingName, body.value as never);
        return said("The setting was changed");
      },
    }),
    endpoint({
      ...own,
      method: "get",
      path: "/api/admin/account/sessions",
      summary: "Where I am signed in, and my tokens",
      answers: {
        200: {
          description: "All that still open something",
          schema: z.object({
            rows: z.array(z.object({
              id: z.int().describe("Its id"),
              kind: z.enum(["session", "token"]).describe("The kind"),
              name: z.string().describe("The name"),
              ip: z.string().nullable().describe("From which address"),
              created_at: time,
              last_seen_at: time,
              authenticated_at: time,
              expires_at: time,
              is_this: z.boolean().describe("Whether it is the one that asks"),
            })).describe("The rows"),
          }),
        },
      },
      handle: async ({ ctx }) => ok({ rows: wire(await listSessions(ctx)) }),
    }),
    endpoint({
      ...own,
      method: "delete",
      path: "/api/admin/account/sessions/{id}",
      summary: "End one of my sessions or tokens",
      params: oneId,
      answers: { 200: { description: "Ended", schema: done } },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params }) {
        await endSession(ctx, params.id);
        return said("The session was ended");
      },
    }),
    endpoint({
      ...own,
      method: "post",
      path: "/api/admin/account/tokens",
      summary: "Make a token for a script",
      description: "It has its maker's rights, and is shown once.",
      changes: true,
      body: bodyOf(newToken),
      answers: {
        201: {
          description: "Made",
          schema: z.object({
            id: z.int().describe("Its id"),
            token: z.string().describe("The token"),
            expires_at: time,
          }),
        },
      },
      errors: ["REAUTHENTICATION_REQUIRED"],
      handle: async ({ ctx, body }) => created(wire(await createAccessToken(ctx, body))),
    }),
    endpoint({
      ...licensing,
      method: "post",
      path: "/api/admin/licenses/bulk-issue",
      summary: "Issue many licenses, as a job",
      description: "Up to 10,000. GET /api/admin/jobs/{id} says how far it is; the list takes ?job_id=.",
      changes: true,
      body: bodyOf(manyLicenses),
      answers: { 202: { description: "The job", schema: job } },
      handle: async ({ ctx, body }) => ({ status: 202, body: wire(await requestLicenses(ctx, body)) }),
    }),
    endpoint({
      ...licensing,
      method: "post",
      path: "/api/admin/licenses/bulk-restore",
      summary: "Restore many licenses",
      changes: true,
      body: bodyOf(licenseIds),
      answers: {
        200: {
          description: "Restored",
          schema: z.object({
            success: z.boolean().describe("Whether it was done"),
            restored: z.int().describe("How many were restored"),
          }),
        },
      },
      handle: async ({ ctx, body }) =>
        ok({ success: true, restored: (await restoreLicenses(ctx, body.licenseIds)).length }),
    }),
    endpoint({
      ...licensing,
      method: "post",
      path: "/api/admin/licenses/bulk-extend",
      summary: "Move the end of many licenses",
      description: "From where it is or, where it is past, from today. Those without an end stay so.",
      changes: true,
      body: bodyOf(extensionInput),
      answers: {
        200: {
          description: "Extended",
          schema: z.object({
            success: z.boolean().describe("Whether it was done"),
            extended: z.int().describe("How many were extended"),
          }),
        },
      },
      handle: async ({ ctx, body }) =>
        ok({ success: true, extended: (await extendLicenses(ctx, body)).extended }),
    }),
  ];
}
