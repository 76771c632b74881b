// POST /api/version/check and GET /api/version/latest: which release an app should run.
import { z } from "zod";
import { checkVersion } from "../../domain/version_checks/check_for_license.ts";
import { getLatestRelease } from "../../domain/releases/latest.ts";
import { endpoint, ok } from "../../request/endpoint.ts";
import { optionalText, shownText } from "../../request/fields.ts";
import type { Guards } from "../../request/guards.ts";
import { documentedForm } from "../../request/error_form.ts";
import { day, licenseKey } from "./fields.ts";
import { wireRelease } from "./wire.ts";

const version = z.string().describe("Version");
const release = {
  download_url: z.string().describe("Download URL"),
  release_notes: z.string().describe("Release notes"),
  is_mandatory: z.boolean().describe("Whether the update is mandatory"),
};

const check = z.object({
  update_available: z.boolean().describe("Whether a release newer than current_version is available"),
  latest_version: version.nullable().describe("The latest version; null when none is published"),
  download_url: release.download_url.nullable(),
  release_notes: release.release_notes.nullable(),
  is_mandatory: z.boolean().describe(
    "Whether any release newer than current_version is mandatory",
  ),
}).meta({
  id: "VersionCheck",
  examples: [{
    update_available: true,
    latest_version: "1.1.0",
    download_url: "https://example.com/download/v1.1.0",
    release_notes: "Bug fixes and performance improvements",
    is_mandatory: false,
  }],
});

const latest = z.object({
  version,
  release_date: day,
  ...release,
}).meta({
  id: "LatestVersion",
  examples: [{
    version: "1.1.0",
    release_date: "2025-06-15",
    download_url: "https://example.com/download/v1.1.0",
    release_notes: "Bug fixes and performance improvements",
    is_mandatory: false,
  }],
});

export function versionCalls(guards: Guards) {
  const common = { tag: "Releases", dialect: documentedForm, guard: guards.apiKey } as const;
  return [
    endpoint({
      ...common,
      method: "post",
      path: "/api/version/check",
      operationId: "checkForUpdate",
      summary: "Check for an update",
      body: z.object({
        current_version: shownText(64).describe(
          "Version of the app: numbers, with or without a v before them and a pre-release, build or words after them",
        ),
        license_key: licenseKey,
      }).meta({ examples: [{ current_version: "1.0.0", license_key: "XXXX-XXXX-XXXX-XXXX" }] }),
      answers: { 200: { description: "The result of the update check", schema: check } },
      errors: ["INVALID_LICENSE"],
      async handle({ ctx, body }) {
        const { updateAvailable, latest, isMandatory } = await checkVersion(ctx, {
          licenseKey: body.license_key,
          currentVersion: body.current_version,
        });
        return ok({
          update_available: updateAvailable,
          latest_version: latest?.version ?? null,
          download_url: latest?.downloadUrl ?? null,
          release_notes: latest?.releaseNotes ?? null,
          is_mandatory: isMandatory,
        });
      },
    }),

    endpoint({
      ...common,
      method: "get",
      path: "/api/version/latest",
      operationId: "getLatestRelease",
      summary: "Get the latest release",
      query: z.object({
        product: optionalText(63).describe("The product's code; not needed when there is one product"),
      }),
      answers: { 200: { description: "The release", schema: latest } },
      errors: ["NOT_FOUND", "PRODUCT_REQUIRED", "NO_RELEASE"],
      async handle({ ctx, query }) {
        return ok(wireRelease(await getLatestRelease(ctx, query.product)));
      },
    }),
  ];
}
