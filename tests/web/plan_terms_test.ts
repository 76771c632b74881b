// A changed plan is applied to its licenses in the panel: the dialog opens after saving, shows the preview, and the job
// changes the licenses.
import assert from "node:assert/strict";
import { getLicenseById } from "../../server/domain/licenses/list.ts";
import { createPlan } from "../../server/domain/plans/plans.ts";
import { runRequestedJobs } from "../../worker/jobs/run_requested_jobs.ts";
import { makeLicense, makeProduct } from "../support/fixtures.ts";
import { startPanel } from "../support/panel_browser.ts";
import { realTime } from "../support/real_time.ts";
import { test } from "../support/test.ts";

const panel = await startPanel();

test("changed terms of a plan are applied to its licenses after a preview", async () => {
  const ctx = await panel.server.ctx();
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
  const issue = (maxActivations?: number) =>
    makeLicense(ctx, { productId, planId: plan.id, maxActivations, maxUsers: undefined });
  const [plain, own] = [await issue(), await issue(50)];
  const { page, check, checkOpen } = await panel.visit(`/plan/edit/${plan.id}`, { role: "manager" });
  await page.getByRole("button", { name: "Apply terms to 2 licenses" }).waitFor();
  await check();
  await page.getByLabel("Activation limit").first().fill("3");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Apply the terms of Yearly" });
  await dialog.getByText("1 of 2 licenses will change.").waitFor();
  await dialog.getByRole("row", { name: "Activation limit 1 1" }).waitFor();
  await checkOpen();
  await dialog.getByLabel("Also replace values that licenses have of their own").check();
  await dialog.getByText("2 of 2 licenses will change.").waitFor();
  await dialog.getByLabel("Also replace values that licenses have of their own").uncheck();
  await dialog.getByRole("button", { name: "Apply to 1 license" }).click();
  await dialog.getByText("Applying the terms").waitFor();
  await runRequestedJobs(await panel.server.ctx(), realTime);
  await page.getByText("1 license changed.").waitFor();
  await dialog.waitFor({ state: "detached" });
  assert.equal((await getLicenseById(ctx, plain.id)).maxActivations, 3);
  assert.equal((await getLicenseById(ctx, own.id)).maxActivations, 50);
  await page.goto("/jobs");
  await page.getByText("Apply a plan's terms").first().click();
  await page.getByText("1 of 2 licenses changed.").waitFor();
  await check();
});
