// POST /api/license/trial: an app without accounts starts a trial on its machine.
import { z } from "zod";
import { components } from "../../domain/activations/inputs.ts";
import { code } from "../../domain/input_fields.ts";
import { startMachineTrial } from "../../domain/machine_trials/start.ts";
import { created, endpoint, ok } from "../../request/endpoint.ts";
import { documentedForm } from "../../request/error_form.ts";
import type { Guards } from "../../request/guards.ts";
import { activated, activationErrors } from "./activation_calls.ts";
import { appVersion, day, hardwareHash, machineName } from "./fields.ts";
import { wireActivated } from "./wire.ts";

const key = "XXXX-XXXX-XXXX-XXXX";
const machine = { hardware_hash: "unique-hardware-identifier", machine_name: "DESKTOP-ABC123" };

const trial = activated.extend({
  license_key: z.string().describe("The key of the trial's license, for all other calls"),
  valid_until: day.nullable().describe("Last valid day, inclusive; null: the trial does not end"),
}).meta({
  id: "StartedTrial",
  examples: [{
    message: "Trial started successfully",
    license_key: key,
    valid_until: "2025-07-02",
    activation: {
      id: 123,
      license_key: key,
      ...machine,
      activated_at: "2025-06-19T10:30:00Z",
      last_heartbeat: "2025-06-19T10:30:00Z",
      is_active: true,
    },
  }],
});

export function trialCall(guards: Guards) {
  return endpoint({
    method: "post",
    path: "/api/license/trial",
    operationId: "startTrial",
    tag: "License API",
    dialect: documentedForm,
    guard: guards.apiKey,
    summary: "Start a trial on a device",
    description:
      "Issues a license of a plan whose trials start once per device, and activates it on this one. While the trial is valid, the device gets the same license again.",
    changes: true,
    body: z.object({
      hardware_hash: hardwareHash,
      machine_name: machineName,
      app_version: appVersion,
      components,
      product: code.nullish().describe("The product's code; by default the only one that the API key is for"),
      plan: code.nullish().describe(
        "The plan's code; by default the product's only plan with trials once per device",
      ),
    }).meta({ examples: [{ ...machine, app_version: "1.0.0", product: "studio" }] }),
    answers: {
      201: { description: "A new trial", schema: trial },
      200: { description: "The trial that the device has already", schema: trial },
    },
    errors: [...activationErrors, "NOT_FOUND", "TRIAL_ALREADY_USED"],
    async handle({ ctx, body }) {
      const { activation, validUntil, isNew } = await startMachineTrial(ctx, {
        hardwareId: body.hardware_hash,
        machineName: body.machine_name,
        appVersion: body.app_version,
        components: body.components,
        product: body.product ?? null,
        plan: body.plan ?? null,
      });
      const { message, ...shown } = wireActivated(activation);
      return (isNew ? created : ok)({
        message: isNew ? "Trial started successfully" : message,
        license_key: activation.licenseKey,
        valid_until: validUntil,
        ...shown,
      });
    },
  });
}
