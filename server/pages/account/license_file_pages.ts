// License files of the user's devices, to download.
import { z } from "zod";
import { issueUserFile } from "../../domain/entitlements/license_files.ts";
import type { IssuedFile } from "../../domain/license_files/license_file.ts";
import { type Answer, pageEndpoint } from "../../request/endpoint.ts";
import { wireFileClaims } from "../../request/wire_files.ts";
import { pages } from "./form.ts";
import { paths } from "./page.ts";
import type { PageGuards } from "./page_guards.ts";
import { deviceIdOf, userIdOf } from "./signed_in.ts";

const TYPE = "application/octet-stream";

/** Where the license file of a device is downloaded. */
export const licenseFilePath = (deviceId: number | string) => `${paths.devices}/${deviceId}/license-file`;

export function licenseFilePages(guards: PageGuards) {
  return [
    pageEndpoint({
      tag: "Account pages",
      dialect: pages,
      guard: guards.user,
      method: "post",
      path: licenseFilePath("{id}"),
      summary: "Issues a license file for a device",
      params: z.object({ id: z.string().describe("The device's id") }),
      answers: { 200: { description: "The license file, to save", type: TYPE } },
      async handle({ ctx, params, request }) {
        const file = await issueUserFile(ctx, {
          userId: userIdOf(ctx),
          activationId: deviceIdOf(params.id),
          ttl: null,
          isEncrypted: false,
          issuer: request.services.site.publicUrl,
        }, wireFileClaims);
        return saved(file);
      },
    }),
  ];
}

/** A file that the browser saves. */
function saved({ name, text }: IssuedFile): Answer {
  return {
    status: 200,
    body: text,
    headers: { "content-type": TYPE, "content-disposition": `attachment; filename="${name}"` },
  };
}
