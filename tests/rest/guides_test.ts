// Every command and program of the guides, run against one system with the demo's credentials, and its output compared
// with what the guide shows: text to the letter, JSON by its shape.
import assert from "node:assert/strict";
import { demo } from "../../server/demo_credentials.ts";
import { demoUser } from "../../server/demo/users.ts";
import { createAdministrator } from "../../server/domain/administrators/create.ts";
import { createApiKey } from "../../server/domain/api_keys/api_keys.ts";
import { assertShape } from "../support/assert_shape.ts";
import { makeLicense } from "../support/fixtures.ts";
import { guideOf, GUIDES, listedGuides } from "../support/guides.ts";
import { startReceiver } from "../support/receiver.ts";
import { runGuide } from "../support/run_guide.ts";
import { startTestServer } from "../support/server.ts";
import { stopAtEnd, test } from "../support/test.ts";
import { makeCatalogue, makeUser, makeUserLicense } from "../support/users.ts";
import { startTestWorker } from "../support/worker.ts";

const receiver = await startReceiver();
stopAtEnd(() => receiver.stop());
const variables = { WEBHOOK_ALLOWED_ADDRESSES: "127.0.0.0/8" };
const server = await startTestServer(variables);
await startTestWorker(server, variables);
await loadDemoCredentials();

const setUp = guideOf(`${GUIDES}get_started.md`).blocks.find(({ text }) => text.includes("admin() {"))!;
const localize = (command: string) =>
  command.replaceAll("http://localhost:8080", server.url)
    .replaceAll("http://localhost:3000/webhooks", receiver.url);

/** What `deno task dev` has as well. */
async function loadDemoCredentials(): Promise<void> {
  const ctx = await server.ctx();
  await createAdministrator(ctx, {
    ...demo.administrator,
    isDemo: true,
    name: "Alex Demo",
    role: "owner",
  });
  await createApiKey(ctx, { name: "Demo", productId: null, key: demo.apiKey });
  const catalogue = await makeCatalogue(ctx);
  await makeLicense(ctx, { key: demo.licenseKey, productId: catalogue.product.id });
  await makeUserLicense(ctx, catalogue, await makeUser(ctx, demoUser), "monthly");
}

for (const path of listedGuides) {
  test(`the commands of ${path} run, and write what it shows`, async () => {
    const guide = guideOf(path);
    const written = await runGuide(guide, setUp, localize);
    for (const { at, language, text, outputOf, notRun } of guide.blocks) {
      if (outputOf === null || notRun !== null) continue;
      const output = written.get(outputOf)!;
      if (language === "json") assertShape(JSON.parse(output), JSON.parse(text), {}, at);
      else assert.equal(output, text, at);
    }
  });
}

test("the endpoint of the guide about webhooks received its test event", () => {
  assert.ok(receiver.received.some(({ payload }) => payload.event === "webhook.tested"));
});
