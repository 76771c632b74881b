// Terms of plans over REST: the preview's report, and the job, in the names of the wire.
import assert from "node:assert/strict";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { makeAdministrator } from "../support/administrators.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { startTestServer } from "../support/server.ts";
import { test } from "../support/test.ts";

const server = await startTestServer();

test("a plan's terms are previewed and applied to its licenses", async () => {
  const ctx = await server.ctx();
  const { id: productId } = await makeProduct(ctx);
  const plan = await createPlan(ctx, {
    productId,
    code: "yearly",
    name: "Yearly",
    licenseType: "subscription",
    duration: "P1Y",
    maxActivations: 5,
    maxUsers: 5,
    features: [],
  });
  const license = await makeLicense(ctx, { productId, planId: plan.id, maxActivations: undefined });
  const manager = await makeAdministrator(server, "manager");
  const path = `/api/admin/plans/${plan.id}/terms`;
  const preview = await manager.post(`${path}/preview`, { changes: { max_activations: 3 } });
  assert.deepEqual([preview.status, preview.body], [200, {
    licenses: 1,
    changed: 1,
    contradicting: 0,
    terms: { max_activations: { changed: 1, overridden: 0 }, max_users: { changed: 0, overridden: 1 } },
    refused: [],
    full: 0,
    over_limit: { licenses: 0, machines: 0 },
    lapsing: 0,
    full_seats: 0,
    full_meters: 0,
  }]);
  await manager.send("PATCH", `/api/admin/plans/${plan.id}`, { max_activations: 3 });
  const { status, body: job } = await manager.post(`${path}/apply`, { terms: ["max_activations"] });
  assert.deepEqual([status, job.kind], [202, "apply_plan_terms"]);
  await runRequestedJobs(await server.ctx(), { now: () => new Date() });
  const done = await manager.get(`/api/admin/jobs/${job.id}`);
  assert.deepEqual([done.body.state, done.body.result.terms], [
    "done",
    { max_activations: { changed: 1, overridden: 0 } },
  ]);
  assert.equal((await manager.get(`/api/admin/licenses/${license.id}`)).body.max_activations, 3);
  const unknown = await manager.post(`${path}/apply`, { terms: ["colour"] });
  assert.deepEqual([unknown.status, unknown.body.error.code], [400, "INVALID_REQUEST"]);
});
