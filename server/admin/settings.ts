// Settings: names, defaults, allowed values.
import { z } from "zod";
import type { SettingName } from "../domain/settings/schema.ts";
import { changeSetting, describeSettings } from "../domain/settings/settings.ts";
import { type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { done, revisionField } from "./schemas.ts";

export function settingEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "Settings", dialect: documentedForm, guard: guards.owner } as const;
  return [
    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/settings",
      operationId: "listSettings",
      summary: "List settings",
      answers: {
        200: {
          description: "The settings with their descriptions and schemas",
          schema: z.object({
            rows: z.array(z.object({
              name: z.string().describe("Name"),
              description: z.string().describe("Description"),
              value: z.unknown().describe("Value"),
              default: z.unknown().describe("Default"),
              revision: z.string().describe("Revision of the value; quoted, it is the ETag for If-Match"),
              allowed: z.record(z.string(), z.unknown()).describe("JSON Schema"),
            })).describe("The rows"),
          }),
        },
      },
      handle: async ({ ctx }) => ok({ rows: await describeSettings(ctx) }),
    }),

    endpoint({
      ...common,
      method: "patch",
      path: "/api/admin/settings/{name}",
      operationId: "updateSetting",
      summary: "Update a setting",
      description: "Sensitive settings require a session that was authenticated within 15 minutes.",
      changes: true,
      params: z.object({ name: z.string().max(100).describe("Name") }),
      hasRevision: true,
      body: z.strictObject({ value: z.unknown().describe("Value") }),
      answers: { 200: { description: "Changed", schema: done.extend(revisionField) } },
      errors: ["NOT_FOUND", "REAUTHENTICATION_REQUIRED"],
      async handle({ ctx, params, body, revision: seen }) {
        const { revision } = await changeSetting(ctx, params.name as SettingName, body.value as never, {
          revision: seen,
        });
        return ok({ success: true, message: "The setting was changed", revision });
      },
    }),
  ];
}
