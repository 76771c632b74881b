// Applying the terms of a plan to its licenses, and the preview of that.
import { z } from "zod";
import { previewPlanTerms, requestPlanTerms } from "../domain/plan_terms/apply.ts";
import { changedTerms, planTerms } from "../domain/plan_terms/inputs.ts";
import { termNames } from "../domain/policy/inputs.ts";
import { accepted, type Endpoint, endpoint, ok } from "../request/endpoint.ts";
import { documentedForm } from "../request/error_form.ts";
import type { Guards } from "../request/guards.ts";
import { snakeCase } from "../request/names.ts";
import { job } from "./jobs.ts";
import { integer, oneId, text } from "./schemas.ts";
import { bodyOf, wire } from "./wire.ts";

const report = z.object({
  licenses: integer.describe("Licenses of the plan that were examined"),
  changed: integer.describe("Licenses that change"),
  contradicting: integer.describe(
    "Licenses that stay as they are, because the plan's values would contradict their own",
  ),
  terms: z.record(
    text,
    z.object({
      changed: integer.describe("Licenses that get the plan's value"),
      overridden: integer.describe(
        "Licenses with a value that the plan never had; they keep it unless `overwrite`",
      ),
    }),
  ).describe("The terms that differ"),
  refused: z.array(z.object({
    code: text.describe("The code of the refusal"),
    licenses: integer.describe("Licenses"),
    machines: integer.describe("Active devices"),
    samples: z.array(z.object({
      license_id: integer.describe("The license's id"),
      activation_id: integer.nullable().describe("The activation's id; null: the license on every device"),
    })).describe("The first ten"),
  })).describe("What is allowed now and refused then"),
  full: integer.describe("Licenses that admit a new device now, and none then. Active devices stay"),
  over_limit: z.object({
    licenses: integer.describe("Licenses"),
    machines: integer.describe("Active devices beyond what they admit. These stay"),
  }).describe("What is beyond activation limits then and not now"),
  lapsing: integer.describe(
    "Active devices that lapse because of the new lease. Where there is room, they are activated again when they are heard of",
  ),
  full_seats: integer.describe(
    "Licenses on which a device can start a session now, and cannot then. Sessions in use go on",
  ),
  full_meters: integer.describe("Meters of licenses that count units now, and none then"),
}).meta({
  id: "PlanTermsReport",
  examples: [{
    licenses: 1200,
    changed: 1180,
    contradicting: 0,
    terms: { grace_days: { changed: 1180, overridden: 20 } },
    refused: [{
      code: "LICENSE_EXPIRED",
      licenses: 3,
      machines: 4,
      samples: [{ license_id: 1, activation_id: 123 }],
    }],
    full: 0,
    over_limit: { licenses: 0, machines: 0 },
    lapsing: 0,
    full_seats: 0,
    full_meters: 0,
  }],
});

/** Terms by their names on the wire. */
const names = Object.fromEntries(termNames.map((name) => [snakeCase(name), name]));
const chosen = z.array(z.enum(Object.keys(names)).transform((name) => names[name])).min(1)
  .max(termNames.length).optional().describe("Terms to apply; by default all");

export function planTermsEndpoints({ manager: guard }: Guards): Endpoint[] {
  const common = {
    method: "post",
    tag: "Products and plans",
    dialect: documentedForm,
    guard,
    changes: true,
    params: oneId,
  } as const;
  return [
    endpoint({
      ...common,
      path: "/api/admin/plans/{id}/terms/preview",
      operationId: "previewPlanTerms",
      summary: "Preview what a plan's terms do to its licenses",
      description:
        "How many licenses change, and which devices that are allowed now would be refused. No license is changed. For a plan with " +
        "more than 5,000 licenses it answers 202 with a job, whose result is the report.",
      body: bodyOf(planTerms.extend({
        changes: bodyOf(changedTerms).optional().describe("Values that the plan does not have yet"),
        terms: chosen,
      })).meta({ examples: [{ changes: { max_activations: 3 } }] }),
      answers: {
        200: { description: "The report", schema: report },
        202: { description: "The job that makes the report", schema: job },
      },
      errors: ["NOT_FOUND"],
      async handle({ ctx, params, body }) {
        const preview = await previewPlanTerms(ctx, { ...body, planId: params.id });
        if (preview.report) return ok(wire<z.infer<typeof report>>(preview.report));
        return accepted(wire<z.infer<typeof job>>(preview.job!));
      },
    }),
    endpoint({
      ...common,
      path: "/api/admin/plans/{id}/terms/apply",
      operationId: "applyPlanTerms",
      summary: "Apply a plan's terms to its licenses",
      description:
        "As a background job, with an event license.updated for each license that changes; its result is the report. Licenses " +
        "that override the plan keep their own values unless `overwrite`. Dates and active devices stay as they are.",
      body: bodyOf(planTerms.extend({ terms: chosen })).meta({
        examples: [{ terms: ["max_activations", "grace_days"] }],
      }),
      answers: { 202: { description: "The job", schema: job } },
      errors: ["NOT_FOUND"],
      handle: async ({ ctx, params, body }) =>
        accepted(wire(await requestPlanTerms(ctx, { ...body, planId: params.id }))),
    }),
  ];
}
