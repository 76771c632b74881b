// POST /api/license/checkout and checkin: license files, by which a device uses its license without a connection.
import { z } from "zod";
import { components } from "../../domain/activations/inputs.ts";
import { checkInFile } from "../../domain/license_files/checkin.ts";
import { checkOutFile } from "../../domain/license_files/checkout.ts";
import { fileText, fileTtl } from "../../domain/license_files/inputs.ts";
import { endpoint, ok } from "../../request/endpoint.ts";
import { documentedForm } from "../../request/error_form.ts";
import type { Guards } from "../../request/guards.ts";
import { wireFileClaims } from "../../request/wire_files.ts";
import { appVersion, hardwareHash, licenseKey, time } from "./fields.ts";
import { wireTime } from "./wire.ts";

const document = { license_key: "XXXX-XXXX-XXXX-XXXX", hardware_hash: "unique-hardware-identifier" };

export function fileCalls(guards: Guards) {
  const common = {
    method: "post",
    tag: "License files",
    dialect: documentedForm,
    guard: guards.apiKey,
    changes: true,
  } as const;
  return [
    endpoint({
      ...common,
      path: "/api/license/checkout",
      operationId: "checkOutLicenseFile",
      summary: "Check out a license file",
      description: "For a device on which the license is activated. Counts as a heartbeat.",
      body: z.object({
        license_key: licenseKey,
        hardware_hash: hardwareHash.nullish().describe(
          "The device's fingerprint; without it the device is recognised by its components, where the license does so",
        ),
        components,
        app_version: appVersion.nullish(),
        ttl: fileTtl,
        encrypt: z.boolean().nullish().describe(
          "Whether the file is encrypted with the license key and the fingerprint of this call",
        ),
        license_file: fileText.nullish().describe(
          "The license file that the app has, by which copies are noticed",
        ),
      }).meta({ examples: [document] }),
      answers: {
        200: {
          description: "The license file",
          schema: z.object({
            license_file: z.string().describe("The text of the file"),
            jti: z.string().describe("The file's id"),
            seq: z.int().describe("A number that is greater than that of each earlier file of the device"),
            issued_at: time,
            expires_at: time.describe("When the file expires"),
          }).meta({ id: "IssuedLicenseFile" }),
        },
      },
      errors: [
        "INVALID_LICENSE",
        "LICENSE_INACTIVE",
        "LICENSE_NOT_YET_VALID",
        "LICENSE_EXPIRED",
        "VERSION_NOT_ENTITLED",
        "NOT_ACTIVATED",
        "ACTIVATION_INACTIVE",
        "OFFLINE_NOT_ALLOWED",
      ],
      async handle({ ctx, body, request }) {
        const file = await checkOutFile(ctx, {
          licenseKey: body.license_key,
          hardwareId: body.hardware_hash ?? null,
          components: body.components ?? null,
          appVersion: body.app_version ?? null,
          ttl: body.ttl,
          isEncrypted: body.encrypt ?? false,
          shown: body.license_file ?? null,
          issuer: request.services.site.publicUrl,
        }, wireFileClaims);
        return ok({
          license_file: file.text,
          jti: file.id,
          seq: file.seq,
          issued_at: wireTime(file.issuedAt),
          expires_at: wireTime(file.expiresAt),
        });
      },
    }),

    endpoint({
      ...common,
      path: "/api/license/checkin",
      operationId: "checkInLicenseFile",
      summary: "Give a license file back",
      description: "Ends the file before its time; the app deletes it. The device stays activated.",
      body: z.object({ license_key: licenseKey, hardware_hash: hardwareHash }).meta({ examples: [document] }),
      answers: {
        200: {
          description: "The device has no license file",
          schema: z.object({
            message: z.string().describe("Readable result"),
            returned: z.boolean().describe("Whether it had one that had not ended"),
          }),
        },
      },
      errors: ["INVALID_LICENSE", "NOT_ACTIVATED"],
      async handle({ ctx, body }) {
        const returned = await checkInFile(ctx, {
          licenseKey: body.license_key,
          hardwareId: body.hardware_hash,
        });
        return ok({
          message: returned ? "License file returned" : "There is no license file to return",
          returned,
        });
      },
    }),
  ];
}
