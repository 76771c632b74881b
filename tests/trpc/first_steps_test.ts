// The steps of a new installation, from a product to the first successful verification.
import assert from "node:assert/strict";
import { makeAdministrator, PASSWORD } from "../support/administrators.ts";
import { openPanel } from "../support/panel.ts";
import { startTestServer } from "../support/server.ts";
import { eventually, test } from "../support/test.ts";

const server = await startTestServer();
const { email } = await makeAdministrator(server, "manager");
const { client } = openPanel(server);
await client.account.signIn.mutate({ email, password: PASSWORD });

async function completedSteps(): Promise<string[]> {
  const { firstLicense: _, ...steps } = await client.monitoring.firstSteps.query();
  return Object.entries(steps).filter(([, done]) => done).map(([name]) => name);
}

test("Each first step is reported when it is completed, and the verification only when it succeeds", async () => {
  await server.db`update api_keys set revoked_at = now() where name <> 'tests'`;
  assert.deepEqual(await completedSteps(), ["apiKey"]);
  assert.equal((await client.monitoring.firstSteps.query()).firstLicense, null);
  const product = await client.products.create.mutate({ code: "app", name: "The App" });
  assert.deepEqual(await completedSteps(), ["product", "apiKey"]);
  const plan = await client.plans.create.mutate({
    productId: product.id,
    code: "monthly",
    name: "Monthly",
    licenseType: "subscription",
    duration: "P1M",
    maxActivations: 2,
    maxUsers: 2,
    features: [],
  });
  const customer = await client.customers.create.mutate({ name: "First" });
  const terms = { customerId: customer.id, productId: product.id, planId: plan.id };
  const license = await client.licenses.issue.mutate(terms);
  await client.licenses.issue.mutate(terms);
  assert.deepEqual(await completedSteps(), ["product", "plan", "license", "apiKey"]);
  assert.deepEqual((await client.monitoring.firstSteps.query()).firstLicense, {
    id: license.id,
    key: license.key,
    productId: product.id,
    productCode: "app",
    productName: "The App",
  });
  const machine = { license_key: license.key, hardware_hash: "m" };
  assert.equal((await server.post("/api/license/verify", machine)).body.valid, false);
  await server.post("/api/license/activate", machine);
  assert.deepEqual(await completedSteps(), ["product", "plan", "license", "apiKey", "activation"]);
  for (let n = 0; n < 3; n++) {
    assert.equal((await server.post("/api/license/verify", machine)).body.valid, true);
  }
  await eventually(async () => (await completedSteps()).includes("verification"));
  const reached = await server.db`select * from milestones`;
  const again = await startTestServer({}, server);
  await again.post("/api/license/verify", machine, { "x-api-key": again.apiKey });
  await again.stop();
  assert.deepEqual(
    [...await server.db`select * from milestones`],
    [...reached],
    "milestones are recorded once",
  );
});

test("The server stops without an error", () => server.stop());
