// License files for administrators: the requests of apps without a network become files, and active devices get one.
import { z } from "zod";
import { newFileOfDevice, newRequestedFile, removal, requestedFile } from "../domain/license_files/inputs.ts";
import type { IssuedFile } from "../domain/license_files/license_file.ts";
import { findFileOfDevice, issueFileForDevice } from "../domain/license_files/of_device.ts";
import { removeByCode } from "../domain/license_files/remove.ts";
import { issueRequestedFile, previewRequestedFile } from "../domain/license_files/requested_file.ts";
import { created, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { describeApiError, documentedForm } from "../request/error_form.ts";
import type { ApiErrorCode } from "../request/error_messages.ts";
import type { Guards } from "../request/guards.ts";
import { readOfflineRequest } from "../request/offline_requests.ts";
import { admission, wireAdmission } from "../request/wire_admission.ts";
import { wireFileClaims } from "../request/wire_files.ts";
import { wireTime } from "../request/wire_time.ts";
import { integer, nullableText, oneId, text, time } from "./schemas.ts";
import { bodyOf, wire } from "./wire.ts";

const request =
  "-----BEGIN LATCHKEY REQUEST-----\neyJsaWNlbnNlX2tleSI6IlhYWFgtWFhYWC1YWFhYLVhYWFgiLCJoYXJkd2FyZV9o\n" +
  "YXNoIjoidW5pcXVlLWhhcmR3YXJlLWlkZW50aWZpZXIifQ.baEZFcfE\n-----END LATCHKEY REQUEST-----\n";

const issued = {
  license_file: text.describe("The text of the file"),
  jti: text.describe("The file's id"),
  seq: integer.describe("A number that is greater than that of each earlier file of the device"),
  issued_at: time,
  expires_at: time.describe("When the file expires"),
};

function wireIssued({ text, id, seq, issuedAt, expiresAt }: IssuedFile) {
  return {
    license_file: text,
    jti: id,
    seq,
    issued_at: wireTime(issuedAt),
    expires_at: wireTime(expiresAt),
  };
}

const preview = z.object({
  license_id: integer.describe("The license's id"),
  license_key: text.describe("The license key, as it was issued; masked for viewers"),
  product_name: text.describe("The product's name"),
  plan_name: nullableText.describe("The plan's name; null: the license has none"),
  customer_id: integer.describe("The customer's id"),
  customer_name: text.describe("The customer's name"),
  device: z.object({
    hardware_hash: text.describe("The device's fingerprint"),
    machine_name: nullableText.describe("The device's name"),
    app_version: nullableText.describe("Version of the app"),
    state: z.enum(["active", "deactivated", "new"]).describe(
      "Whether the device is active on the license, was deactivated, or is new",
    ),
  }).describe("The device of the request"),
  is_encrypted: z.boolean().describe("Whether the file would be encrypted for the device"),
  created_at: time.nullable().describe("When the app created the request; null: it does not say"),
  refusal: z.object({
    code: text.describe("The code that the request would be refused with"),
    message: text.describe("Readable message with the next step"),
  }).nullable().describe("Why the request would be refused; null: it would not"),
  expires_at: time.nullable().describe("When the file would expire; null: there would be none"),
  is_over_limit: z.boolean().describe(
    "Whether the device would be beyond the limit, which the overage of the license admits",
  ),
  replaced: z.object({
    id: integer.describe("The activation's id"),
    hardware_id: text.describe("The device's fingerprint"),
    machine_name: nullableText.describe("The device's name"),
  }).nullable().describe("The idle device that would be deactivated as the license is full; null: none"),
}).meta({ id: "LicenseFilePreview" });

const errors: ApiErrorCode[] = [
  "OFFLINE_REQUEST_INVALID",
  "INVALID_LICENSE",
  "LICENSE_INACTIVE",
  "LICENSE_NOT_YET_VALID",
  "LICENSE_EXPIRED",
  "VERSION_NOT_ENTITLED",
  "ACTIVATION_LIMIT_REACHED",
  "NEW_MACHINES_LIMIT_REACHED",
  "MACHINE_ALREADY_ACTIVATED",
  "OFFLINE_NOT_ALLOWED",
];

export function licenseFileEndpoints(guards: Guards): Endpoint[] {
  const common = { tag: "License files", dialect: documentedForm } as const;
  return [
    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/license-files/preview",
      operationId: "previewRequestedLicenseFile",
      summary: "Preview what becomes of a request for a license file",
      description: "Nothing is changed, and no heartbeat is recorded.",
      guard: guards.viewer,
      body: bodyOf(requestedFile).meta({ examples: [{ request }] }),
      answers: { 200: { description: "What issuing the file would do", schema: preview } },
      errors: ["OFFLINE_REQUEST_INVALID", "INVALID_LICENSE"],
      async handle({ ctx, body, request }) {
        const { refusal, replaced, ...found } = await previewRequestedFile(ctx, {
          request: readOfflineRequest(body.request),
          ttl: null,
          issuer: request.services.site.publicUrl,
          userId: null,
        }, wireFileClaims);
        return ok(wire<z.infer<typeof preview>>({
          ...found,
          refusal: refusal && { code: refusal.code, message: describeApiError(refusal).message },
          replaced: replaced &&
            { id: replaced.id, hardwareId: replaced.hardwareId, machineName: replaced.machineName },
        }));
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/license-files",
      operationId: "issueRequestedLicenseFile",
      summary: "Turn a request into a license file",
      description:
        "The request is the text that an app without a network shows. Its device is activated, unless it is active, and gets a file.",
      guard: guards.manager,
      changes: true,
      body: bodyOf(newRequestedFile).meta({ examples: [{ request }] }),
      answers: {
        201: {
          description: "The license file, which the app takes",
          schema: z.object({
            ...issued,
            license_id: integer.describe("The license's id"),
            device_id: integer.describe("The activation's id"),
            activated: z.boolean().describe("Whether the device was activated; false: it was active"),
            ...admission,
          }).meta({ id: "RequestedLicenseFile" }),
        },
      },
      errors,
      async handle({ ctx, body, request }) {
        const { file, activation } = await issueRequestedFile(ctx, {
          request: readOfflineRequest(body.request),
          ttl: body.ttl,
          issuer: request.services.site.publicUrl,
          userId: null,
        }, wireFileClaims);
        return created({
          ...wireIssued(file),
          license_id: activation.activation.licenseId,
          device_id: activation.activation.id,
          activated: activation.isNew,
          ...wireAdmission(activation),
        });
      },
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/license-files/remove",
      operationId: "enterRemovalCode",
      summary: "Deactivate the device of a removal code",
      description:
        "An app without a network shows the code once it no longer uses its license. Has no effect while the device is deactivated.",
      guard: guards.manager,
      changes: true,
      body: bodyOf(removal).meta({ examples: [{ code: "3R01-NEHTN-0ZZZZ" }] }),
      answers: {
        200: {
          description: "The device is deactivated",
          schema: z.object({
            message: text.describe("Readable result"),
            deactivated: z.boolean().describe("Whether it was deactivated; false: it was already"),
            device_id: integer.describe("The activation's id"),
            license_id: integer.describe("The license's id"),
            hardware_hash: text.describe("The device's fingerprint"),
            machine_name: nullableText.describe("The device's name"),
          }).meta({ id: "RemovedDevice" }),
        },
      },
      errors: ["REMOVAL_CODE_INVALID", "REMOVAL_CODE_OUTDATED", "NOT_FOUND"],
      async handle({ ctx, body }) {
        const device = await removeByCode(ctx, { ...body, userId: null });
        return ok({
          message: device.isChanged ? "Device deactivated" : "The device was deactivated already",
          deactivated: device.isChanged,
          device_id: device.activationId,
          license_id: device.licenseId,
          hardware_hash: device.hardwareId,
          machine_name: device.machineName,
        });
      },
    }),

    endpoint({
      ...common,
      method: "get",
      path: "/api/admin/devices/{id}/license-file",
      operationId: "getLicenseFileOfDevice",
      summary: "Get what is known of a device's last license file",
      guard: guards.viewer,
      params: oneId,
      answers: {
        200: {
          description: "The last file",
          schema: z.object({
            license_file: z.object({
              seq: integer.describe("Its number"),
              issued_at: time,
              expires_at: time.describe("When the file expires"),
              is_borrowed: z.boolean().describe(
                "Whether the activation is kept until then, although the device is not heard of",
              ),
              returned_at: time.nullable().describe("When it was given back; null: it was not"),
              cloned_at: time.nullable().describe("When a copy of it was last seen; null: never"),
            }).nullable().describe("The last file; null: the device never had one"),
          }).meta({ id: "LicenseFileOfDevice" }),
        },
      },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params }) => ok(wire({ licenseFile: await findFileOfDevice(ctx, params.id) })),
    }),

    endpoint({
      ...common,
      method: "post",
      path: "/api/admin/devices/{id}/license-file",
      operationId: "issueLicenseFileForDevice",
      summary: "Issue a license file for an active device",
      description: "By the fingerprint that the device was activated with; components are not in the file.",
      guard: guards.manager,
      changes: true,
      params: oneId,
      body: bodyOf(newFileOfDevice),
      answers: {
        201: {
          description: "The license file",
          schema: z.object(issued).meta({ id: "IssuedLicenseFileOfDevice" }),
        },
      },
      errors: [
        "NOT_FOUND",
        "ACTIVATION_INACTIVE",
        "LICENSE_INACTIVE",
        "LICENSE_NOT_YET_VALID",
        "LICENSE_EXPIRED",
        "VERSION_NOT_ENTITLED",
        "OFFLINE_NOT_ALLOWED",
      ],
      async handle({ ctx, params, body, request }) {
        const file = await issueFileForDevice(ctx, {
          activationId: params.id,
          ttl: body.ttl,
          isEncrypted: body.encrypt,
          issuer: request.services.site.publicUrl,
        }, wireFileClaims);
        return created(wireIssued(file));
      },
    }),
  ];
}
